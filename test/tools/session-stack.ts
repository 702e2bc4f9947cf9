import { pairsTable, sessionsTable } from './sessions-table.ts';

const issuer = 'cognito-identity.amazonaws.com';

/** The account and the Region of the stack. */
export const location = { accountId: '123456789012', region: 'eu-west-1' };

const allowAll = {
  PolicyName: 'All',
  PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
};

const trust = (Principal: object, Action: string, Condition?: object) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal, Action, ...(Condition && { Condition }) }],
});

/** The resources of the session functions: the tables, the pool, the role of browsers, and the role of the functions. */
export const sessionStack = {
  Resources: {
    Sessions: sessionsTable,
    Pairs: pairsTable,
    Pool: {
      Type: 'AWS::Cognito::IdentityPool',
      Properties: {
        AllowUnauthenticatedIdentities: true,
        AllowClassicFlow: true,
        DeveloperProviderName: 'sqs-browser',
      },
    },
    Browser: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: 'browser',
        MaxSessionDuration: 4 * 3600,
        AssumeRolePolicyDocument: trust({ Federated: issuer }, 'sts:AssumeRoleWithWebIdentity', {
          StringEquals: { [`${issuer}:aud`]: { Ref: 'Pool' } },
        }),
      },
    },
    Functions: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: 'functions',
        AssumeRolePolicyDocument: trust({ Service: 'lambda.amazonaws.com' }, 'sts:AssumeRole'),
        Policies: [allowAll],
      },
    },
  },
  Outputs: {
    identityPoolId: { Value: { Ref: 'Pool' } },
    browserRoleArn: { Value: { 'Fn::GetAtt': ['Browser', 'Arn'] } },
    browserRoleId: { Value: { 'Fn::GetAtt': ['Browser', 'RoleId'] } },
  },
};

import type { DocumentedCase } from './documented-case.ts';
import { accountArn, roleArn, sessionArn } from './documented-case.ts';

const page = 'IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow';
const sessionPage = 'IAM/latest/UserGuide/access_policies';

const everything = { Action: '*', Resource: '*' };
const allow = [{ Effect: 'Allow', ...everything }];
const deny = [{ Effect: 'Deny', ...everything }];
const other = [{ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }];
const grantTo = (principal: unknown, condition: object = {}) => [
  { Effect: 'Allow', Principal: principal, ...everything, Condition: condition },
];

export const evaluationCases: readonly DocumentedCase[] = [
  { page, title: 'requests are implicitly denied', outcome: 'denied' },
  { page, title: 'an allow in an identity policy allows', identity: allow, outcome: 'allowed' },
  {
    page,
    title: 'an explicit deny overrides an allow of the same policy',
    identity: [...allow, ...deny],
    outcome: 'denied',
  },
  {
    page,
    title: 'an explicit deny in the session policy overrides',
    identity: allow,
    session: [...allow, ...deny],
    outcome: 'denied',
  },
  {
    page,
    title: 'an explicit deny in the resource policy overrides',
    identity: allow,
    resourcePolicy: [{ Effect: 'Deny', Principal: '*', ...everything }],
    outcome: 'denied',
  },
  {
    page,
    title: 'an explicit deny in the identity policy overrides a grant to the session',
    identity: deny,
    resourcePolicy: grantTo({ AWS: sessionArn }),
    outcome: 'denied',
  },
  {
    page,
    title: 'an allow in the resource policy is enough within the account',
    resourcePolicy: grantTo({ AWS: roleArn }),
    outcome: 'allowed',
  },
  {
    page,
    title: 'a grant to the role is limited by the session policy',
    session: other,
    resourcePolicy: grantTo({ AWS: roleArn }),
    outcome: 'denied',
  },
  {
    page,
    title: 'a grant to the role passes a session policy that allows',
    session: allow,
    resourcePolicy: grantTo({ AWS: roleArn }),
    outcome: 'allowed',
  },
  {
    page,
    title: 'a grant to the session is not limited by the session policy',
    session: other,
    resourcePolicy: grantTo({ AWS: sessionArn }),
    outcome: 'allowed',
  },
  {
    page,
    title: 'a grant to * with aws:PrincipalArn is not limited by the session policy',
    session: other,
    resourcePolicy: grantTo('*', { ArnEquals: { 'aws:PrincipalArn': roleArn } }),
    outcome: 'allowed',
  },
  {
    page,
    title: 'a grant to * with the ARN of another role grants nothing',
    resourcePolicy: grantTo('*', { ArnEquals: { 'aws:PrincipalArn': `${roleArn}2` } }),
    outcome: 'denied',
  },
  {
    page,
    title: 'a grant to the account leaves the decision to the identity policy',
    identity: other,
    resourcePolicy: grantTo({ AWS: accountArn }),
    outcome: 'denied',
  },
  {
    page,
    title: 'a session policy that does not allow denies implicitly',
    identity: allow,
    session: other,
    outcome: 'denied',
  },
  { page, title: 'without a session policy the identity policy decides', identity: allow, outcome: 'allowed' },
  {
    page: sessionPage,
    title: 'a session policy grants nothing by itself',
    session: allow,
    outcome: 'denied',
  },
  {
    page: sessionPage,
    title: 'a session has what both the role and the session policy allow',
    identity: allow,
    session: allow,
    outcome: 'allowed',
  },
];

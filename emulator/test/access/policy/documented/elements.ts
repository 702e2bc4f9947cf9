import type { PolicyStatement } from '../../../../service.ts';
import type { DocumentedCase } from './documented-case.ts';
import { accountArn, accountId, roleArn, sessionArn, usual } from './documented-case.ts';

const guide = 'IAM/latest/UserGuide/';

const identity = (
  page: string,
  title: string,
  statement: PolicyStatement,
  rest: Partial<DocumentedCase>,
): DocumentedCase => ({
  page: guide + page,
  title,
  identity: [
    {
      Effect: 'Allow',
      Action: usual.action,
      ...('NotResource' in statement ? {} : { Resource: usual.resource }),
      ...statement,
    },
  ],
  outcome: 'allowed',
  ...rest,
});

const action = 'reference_policies_elements_action';
const notAction = 'reference_policies_elements_notaction';
const resource = 'reference_policies_elements_resource';
const notResource = 'reference_policies_elements_notresource';
const grammar = 'reference_policies_grammar';
const all = { Resource: '*' };

const actions: readonly DocumentedCase[] = [
  identity(
    action,
    'prefix and name are case-insensitive',
    { ...all, Action: 'SQS:sendmessage' },
    { action: 'sqs:SendMessage' },
  ),
  identity(
    action,
    'one of several actions matches',
    { ...all, Action: ['iam:ChangePassword', 's3:GetObject'] },
    { action: 's3:GetObject' },
  ),
  identity(action, '* takes all actions of a service', { ...all, Action: 's3:*' }, { action: 's3:PutObject' }),
  identity(
    action,
    '* of a service takes no other service',
    { ...all, Action: 's3:*' },
    { action: 'sqs:SendMessage', outcome: 'denied' },
  ),
  identity(
    action,
    'wildcards match within a name',
    { ...all, Action: 'iam:*AccessKey*' },
    { action: 'iam:UpdateAccessKey' },
  ),
  identity(
    action,
    'a name that lacks the string does not match',
    { ...all, Action: 'iam:*AccessKey*' },
    { action: 'iam:ListUsers', outcome: 'denied' },
  ),
  {
    page: guide + notAction,
    title: 'Allow with NotAction allows what is not listed',
    identity: [{ Effect: 'Allow', NotAction: 's3:DeleteBucket', Resource: 'arn:aws:s3:::*' }],
    outcome: 'allowed',
  },
  {
    page: guide + notAction,
    title: 'Allow with NotAction does not allow what is listed',
    identity: [{ Effect: 'Allow', NotAction: 's3:DeleteBucket', Resource: 'arn:aws:s3:::*' }],
    action: 's3:DeleteBucket',
    outcome: 'denied',
  },
  {
    page: guide + notAction,
    title: 'Deny with NotAction denies what is not listed',
    identity: [
      { Effect: 'Allow', Action: '*', Resource: '*' },
      { Effect: 'Deny', NotAction: 'iam:*', Resource: '*' },
    ],
    outcome: 'denied',
  },
];

const sqs = { action: 'sqs:SendMessage', resource: 'arn:aws:sqs:us-east-2:111122223333:queue1' };

const resources: readonly DocumentedCase[] = [
  identity(resource, 'a resource matches by its ARN', { Action: sqs.action, Resource: sqs.resource }, sqs),
  identity(
    resource,
    'names in a resource are case-sensitive',
    { Action: sqs.action, Resource: sqs.resource.replace('queue1', 'Queue1') },
    { ...sqs, outcome: 'denied' },
  ),
  identity(
    resource,
    'an asterisk takes slashes as well',
    { Action: '*', Resource: 'arn:aws:s3:::b/*/test/*' },
    { resource: 'arn:aws:s3:::b/1/2/test/3/object.jpg' },
  ),
  identity(
    resource,
    'what surrounds an asterisk must be there',
    { Action: '*', Resource: 'arn:aws:s3:::b/*/test/*' },
    { resource: 'arn:aws:s3:::b/1-test/object.jpg', outcome: 'denied' },
  ),
  identity(
    resource,
    '? takes exactly one character',
    { Action: '*', Resource: 'arn:aws:s3:::b/?' },
    { resource: 'arn:aws:s3:::b/12', outcome: 'denied' },
  ),
  identity(
    resource,
    'an asterisk at the end of a segment reaches beyond colons',
    { Action: '*', Resource: 'arn:aws:sqs:*' },
    sqs,
  ),
  identity(
    notResource,
    'NotResource allows other resources',
    { Action: 's3:*', NotResource: 'arn:aws:s3:::HRBucket' },
    {},
  ),
  {
    page: guide + notResource,
    title: 'Deny with NotResource spares what is listed',
    identity: [
      { Effect: 'Allow', Action: 's3:*', Resource: '*' },
      {
        Effect: 'Deny',
        Action: 's3:*',
        NotResource: ['arn:aws:s3:::HRBucket/Payroll', 'arn:aws:s3:::HRBucket/Payroll/*'],
      },
    ],
    resource: 'arn:aws:s3:::HRBucket/Payroll/1',
    outcome: 'allowed',
  },
  {
    page: guide + notResource,
    title: 'Deny with NotResource denies the rest',
    identity: [
      { Effect: 'Allow', Action: 's3:*', Resource: '*' },
      {
        Effect: 'Deny',
        Action: 's3:*',
        NotResource: ['arn:aws:s3:::HRBucket/Payroll', 'arn:aws:s3:::HRBucket/Payroll/*'],
      },
    ],
    outcome: 'denied',
  },
];

const grammarCases: readonly DocumentedCase[] = [
  identity(grammar, 'an incomplete ARN is completed by wildcards', { Action: '*', Resource: 'arn:aws:sqs' }, sqs),
  {
    page: guide + grammar,
    title: 'a session policy may not have an incomplete ARN',
    identity: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
    session: [{ Effect: 'Allow', Action: '*', Resource: 'arn:aws:sqs' }],
    outcome: { error: 'is not complete' },
  },
  identity(
    grammar,
    'an element that does not exist is an error',
    { Colour: 'red' },
    { outcome: { error: 'Colour is not supported' } },
  ),
  identity(grammar, 'Effect is Allow or Deny', { Effect: 'allow' }, { outcome: { error: 'Effect is Allow or Deny' } }),
  identity(
    grammar,
    'Action and NotAction exclude each other',
    { NotAction: '*' },
    { outcome: { error: 'exactly one of Action and NotAction' } },
  ),
  identity(grammar, 'an identity policy has no Principal', { Principal: '*' }, { outcome: { error: 'no Principal' } }),
  {
    page: guide + grammar,
    title: 'a resource policy needs a Principal',
    resourcePolicy: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
    outcome: { error: 'exactly one of Principal and NotPrincipal' },
  },
  {
    page: `${guide}reference_policies_elements_version`,
    title: 'a version that does not exist is an error',
    version: '2020-01-01',
    identity: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
    outcome: { error: 'version "2020-01-01" is not supported' },
  },
];

const resourceCase = (
  page: string,
  title: string,
  statement: PolicyStatement,
  rest: Partial<DocumentedCase>,
): DocumentedCase => ({
  page: guide + page,
  title,
  resourcePolicy: [{ Effect: 'Allow', Action: usual.action, Resource: usual.resource, ...statement }],
  outcome: 'allowed',
  ...rest,
});

const principal = 'reference_policies_elements_principal';
const notPrincipal = 'reference_policies_elements_notprincipal';
const s3 = (Principal: unknown) => ({ Principal });

const principals: readonly DocumentedCase[] = [
  resourceCase(principal, 'a role is named by its ARN', s3({ AWS: roleArn }), {}),
  resourceCase(principal, 'another role is not', s3({ AWS: `${roleArn}2` }), { outcome: 'denied' }),
  resourceCase(principal, 'one of several principals is enough', s3({ AWS: ['555555555555', roleArn] }), {}),
  resourceCase(principal, 'a session is named by its ARN', s3({ AWS: sessionArn }), {}),
  resourceCase(principal, 'another session of the role is not', s3({ AWS: `${sessionArn}2` }), { outcome: 'denied' }),
  resourceCase(principal, 'everyone in the account is named by *', s3('*'), {}),
  resourceCase(principal, '* within AWS is the same', s3({ AWS: '*' }), {}),
  resourceCase(principal, '* names anonymous callers', s3('*'), { caller: 'anonymous' }),
  resourceCase(principal, 'an ARN does not name anonymous callers', s3({ AWS: accountArn }), {
    caller: 'anonymous',
    outcome: 'denied',
  }),
  resourceCase(
    principal,
    'an account only delegates: without an identity policy nothing is allowed',
    s3({ AWS: accountArn }),
    { outcome: 'denied' },
  ),
  resourceCase(principal, "an account's number stands for its ARN", s3({ AWS: accountId }), {
    identity: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
  }),
  resourceCase(
    principal,
    'a deny for the account denies its roles',
    { Effect: 'Deny', Principal: { AWS: accountId } },
    { identity: [{ Effect: 'Allow', Action: '*', Resource: '*' }], outcome: 'denied' },
  ),
  resourceCase(principal, 'a service principal names no role', s3({ Service: 'sns.amazonaws.com' }), {
    outcome: 'denied',
  }),
  resourceCase(principal, 'a wildcard cannot match part of a name', s3({ AWS: `arn:aws:iam::${accountId}:role/*` }), {
    outcome: { error: 'is not supported' },
  }),
  resourceCase(
    principal,
    'federated principals belong to trust policies',
    s3({ Federated: 'cognito-identity.amazonaws.com' }),
    { outcome: { error: 'trust policies only' } },
  ),
  resourceCase(principal, 'canonical users are an error here', s3({ CanonicalUser: '79a5' }), {
    outcome: { error: 'CanonicalUser are not supported' },
  }),
  {
    page: guide + notPrincipal,
    title: 'NotPrincipal with Deny spares a role listed with its account',
    identity: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
    resourcePolicy: [{ Effect: 'Deny', NotPrincipal: { AWS: [roleArn, accountArn] }, Action: '*', Resource: '*' }],
    outcome: 'allowed',
  },
  {
    page: guide + notPrincipal,
    title: 'NotPrincipal without the account denies the whole account',
    identity: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
    resourcePolicy: [{ Effect: 'Deny', NotPrincipal: { AWS: roleArn }, Action: '*', Resource: '*' }],
    outcome: 'denied',
  },
  {
    page: guide + notPrincipal,
    title: 'NotPrincipal with Allow is not supported',
    resourcePolicy: [{ Effect: 'Allow', NotPrincipal: { AWS: roleArn }, Action: '*', Resource: '*' }],
    outcome: { error: 'NotPrincipal is supported with Deny only' },
  },
];

export const elementCases: readonly DocumentedCase[] = [...actions, ...resources, ...grammarCases, ...principals];

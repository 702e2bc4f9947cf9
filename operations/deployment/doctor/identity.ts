import { DescribeIdentityPoolCommand } from '@aws-sdk/client-cognito-identity';
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { GetRoleCommand } from '@aws-sdk/client-iam';
import { readObject } from '../../json.ts';
import { redeploy } from './finding.ts';
import type { Check, Examination, Finding } from './finding.ts';
import { ok, problem } from './finding.ts';

/** Who makes identities, by the `amr` that the browser role's trust policy asks for. */
type Identities = 'guests' | 'developer';

const readPool = ({ deployment: { clients, output } }: Examination) =>
  clients.cognitoIdentity.send(new DescribeIdentityPoolCommand({ IdentityPoolId: output('IdentityPoolId') }));

const roleName = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);

/** The browser role's trust policy as text, and the maximum lifetime of its keys in seconds. */
const readBrowserRole = async ({ deployment: { output }, clients: { iam } }: Examination) => {
  const { Role } = await iam.send(new GetRoleCommand({ RoleName: roleName(output('BrowserRoleArn')) }));
  // IAM answers policies percent-encoded: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html
  const text = decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '');
  return { trust: readObject(text) === undefined ? '' : text, maxSeconds: Role?.MaxSessionDuration ?? 0 };
};

export const identitiesOf = async (examination: Examination): Promise<Identities> => {
  const { trust } = await readBrowserRole(examination);
  return trust.includes('"unauthenticated"') ? 'guests' : 'developer';
};

export const checkPool: Check = async (examination) => {
  const { output } = examination.deployment;
  const id = output('IdentityPoolId');
  const [pool, identities] = await Promise.all([readPool(examination), identitiesOf(examination)]);
  const classic = pool.AllowClassicFlow === true;
  return [
    identities === 'guests'
      ? guests(id, pool.AllowUnauthenticatedIdentities === true)
      : developer(id, pool.DeveloperProviderName),
    classic
      ? ok('classic flow', 'The basic (classic) flow is on')
      : problem(
          'classic flow',
          'The basic (classic) flow is off',
          `Turn it on in the pool ${id}: only by it do keys come with a policy for one queue.`,
        ),
  ];
};

const guests = (id: string, isOpen: boolean): Finding =>
  isOpen
    ? ok('identity pool', `${id} lets guests in`)
    : problem(
        'identity pool',
        `${id} lets no guests in`,
        'Turn on guest access in the pool: every session is one guest.',
      );

const developer = (id: string, provider: string | undefined): Finding =>
  provider === undefined
    ? problem(
        'identity pool',
        `${id} has no developer provider`,
        'Give it one with the name sqs-browser: the functions vouch for identities by it.',
      )
    : ok('identity pool', `${id} has the developer provider ${provider}`);

/** Checks that the browser role trusts the pool, and that nothing else keeps sessions from opening. */
export const checkBrowserRole: Check = async (examination) => {
  const { output } = examination.deployment;
  const [pool, name] = [output('IdentityPoolId'), roleName(output('BrowserRoleArn'))];
  const { trust, maxSeconds } = await readBrowserRole(examination);
  return trust.includes('sts:AssumeRoleWithWebIdentity') && trust.includes(`"${pool}"`)
    ? ok('browser role', `${name} trusts the pool; keys live up to ${maxSeconds / 3600} h`)
    : problem('browser role', `${name} does not trust identities of ${pool}`, redeploy);
};

export const checkTable: Check = async ({ deployment: { clients, output } }) => {
  const TableName = output('SessionTableName');
  const { Table } = await clients.dynamoDb.send(new DescribeTableCommand({ TableName }));
  const hasRoutes = Table?.LocalSecondaryIndexes?.some(({ IndexName }) => IndexName === 'routes');
  return hasRoutes
    ? ok('sessions table', `${TableName} is ${Table?.TableStatus ?? 'there'}`)
    : problem('sessions table', `${TableName} has no index routes`, redeploy);
};

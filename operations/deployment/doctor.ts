import { DescribeIdentityPoolCommand } from '@aws-sdk/client-cognito-identity';
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { DescribeStreamSummaryCommand } from '@aws-sdk/client-kinesis';
import { ListQueuesCommand } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { listAlarms } from './alarms.ts';
import type { Deployment } from './deployment.ts';
import { codeOf } from './errors.ts';
import { listSessions, queueDepth } from './sessions.ts';

/** What a check found. */
export interface Finding {
  readonly check: string;
  readonly result: 'ok' | 'warning' | 'problem';
  readonly what: string;
  /** What to do about it; undefined where there is nothing to do. */
  readonly remedy?: string;
}

type Check = (deployment: Deployment) => Promise<Finding | readonly Finding[]>;

const ok = (check: string, what: string): Finding => ({ check, result: 'ok', what });

const warning = (check: string, what: string, remedy: string): Finding => ({ check, result: 'warning', what, remedy });

const problem = (check: string, what: string, remedy: string): Finding => ({ check, result: 'problem', what, remedy });

const checkCredentials: Check = async ({ clients, region }) => {
  const { Arn: arn = '' } = await clients.sts.send(new GetCallerIdentityCommand());
  return [ok('credentials', arn), ok('region', region)];
};

/** States in which a stack can be used. */
const completeStatus = /^(CREATE|UPDATE|IMPORT|UPDATE_ROLLBACK)_COMPLETE$/;

const checkStack: Check = ({ stack }) =>
  Promise.resolve(
    completeStatus.test(stack.status)
      ? ok('stack', `${stack.name} is ${stack.status}`)
      : problem(
          'stack',
          `${stack.name} is ${stack.status}`,
          'Finish the deployment: npx cdk deploy, and read its error.',
        ),
  );

const checkPool: Check = async ({ clients, output }) => {
  const id = output('IdentityPoolId');
  const pool = await clients.cognitoIdentity.send(new DescribeIdentityPoolCommand({ IdentityPoolId: id }));
  const guests = pool.AllowUnauthenticatedIdentities === true;
  const classic = pool.AllowClassicFlow === true;
  return [
    guests
      ? ok('identity pool', `${id} lets guests in`)
      : problem(
          'identity pool',
          `${id} lets no guests in`,
          'Turn on guest access in the pool: every session is one guest.',
        ),
    classic
      ? ok('classic flow', 'The basic (classic) flow is on')
      : problem(
          'classic flow',
          'The basic (classic) flow is off',
          'Turn it on in the pool: only by it do keys come with a policy for one queue.',
        ),
  ];
};

const checkTable: Check = async ({ clients, output }) => {
  const TableName = output('SessionTableName');
  const { Table } = await clients.dynamoDb.send(new DescribeTableCommand({ TableName }));
  const hasRoutes = Table?.LocalSecondaryIndexes?.some(({ IndexName }) => IndexName === 'routes');
  return hasRoutes
    ? ok('sessions table', `${TableName} is ${Table?.TableStatus ?? 'there'}`)
    : problem(
        'sessions table',
        `${TableName} has no index routes`,
        'Deploy the stack again: the table is not the stack’s own.',
      );
};

/** Bytes a second that one shard takes. https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html */
const shardRecords = 1_000;

const checkStream: Check = async ({ clients, output }) => {
  const { StreamDescriptionSummary: summary } = await clients.kinesis.send(
    new DescribeStreamSummaryCommand({ StreamName: output('EventStreamName') }),
  );
  const shards = summary?.OpenShardCount ?? 0;
  return summary?.StreamStatus === 'ACTIVE'
    ? ok(
        'stream',
        `${shards} shard${shards === 1 ? '' : 's'}: ${shards * shardRecords} records or ${shards} MB a second`,
      )
    : problem('stream', `The stream is ${summary?.StreamStatus ?? 'not there'}`, 'Wait until it is ACTIVE.');
};

/** Seconds by which a signature may be off. https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html */
const maxSkew = 300;

const checkClock: Check = async ({ endpoint, region }) => {
  const sent = Date.now();
  const response = await fetch(endpoint ?? `https://sqs.${region}.amazonaws.com/`, { method: 'GET' });
  const theirs = Date.parse(response.headers.get('date') ?? '');
  const off = Math.round((theirs - (sent + Date.now()) / 2) / 1000);
  if (Number.isNaN(off)) return warning('clock', 'The endpoint says no time', 'Check this machine’s clock yourself.');
  if (Math.abs(off) <= maxSkew / 2) return ok('clock', 'This machine’s clock is right');
  const what = `This machine’s clock is ${Math.abs(off)} s ${off > 0 ? 'behind' : 'ahead'}`;
  return endpoint === undefined
    ? problem('clock', what, 'Set it: requests that are signed with a wrong time are refused.')
    : warning('clock', what, 'The local service’s clock was moved: start it again to be back in the present.');
};

/** Asks for what a page's browser asks for before it polls, from an origin that nobody has. */
const checkCors: Check = async (deployment) => {
  const { endpoint, region } = deployment;
  const response = await fetch(endpoint ?? `https://sqs.${region}.amazonaws.com/`, {
    method: 'OPTIONS',
    headers: {
      ...{ origin: 'https://app.example.com', 'access-control-request-method': 'POST' },
      'access-control-request-headers': 'authorization,content-type,x-amz-date,x-amz-security-token,x-amz-target',
    },
  });
  const allowed = response.headers.get('access-control-allow-origin');
  return allowed === '*' || allowed === 'https://app.example.com'
    ? ok('CORS', 'Pages of any origin may poll SQS')
    : problem(
        'CORS',
        `SQS answers a page's preflight with ${response.status}`,
        'Check what stands between: a proxy or a VPC endpoint.',
      );
};

const checkQueues: Check = async (deployment) => {
  const { clients, stack } = deployment;
  const waiting = await Promise.all(
    (['UndeliveredQueueUrl', 'RejectedQueueUrl'] as const).map(async (name) => {
      const depth = await queueDepth(deployment, deployment.output(name));
      return depth ? depth.waiting : 0;
    }),
  );
  const count = waiting.reduce((sum, number) => sum + number, 0);
  await clients.sqs.send(new ListQueuesCommand({ QueueNamePrefix: stack.name, MaxResults: 1 }));
  return count === 0
    ? ok('dead letters', 'Nothing waits')
    : warning('dead letters', `${count} wait`, 'Look at them: sqs-browser dead-letters list.');
};

const checkAlarms: Check = async (deployment) => {
  const alarms = await listAlarms(deployment);
  const off = alarms.filter(({ state }) => state === 'ALARM');
  if (off.length === 0) return ok('alarms', `${alarms.length} alarms, none of them has gone off`);
  return off.map(({ name, reason, advice }) =>
    problem('alarms', `${name}: ${reason}`, advice[0] ?? 'See docs/operating.md.'),
  );
};

/**
 * Sessions that can be opened in a second by the default quotas: two role sessions or identities a call each.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
 */
const getIdPerSecond = 25;

const checkQuotas: Check = async (deployment) => {
  if (deployment.endpoint !== undefined) return ok('quotas', 'The local service has none');
  let count = 0;
  for await (const page of listSessions(deployment)) {
    count += page.length;
    if (count >= 10_000) break;
  }
  const seconds = Math.ceil(count / getIdPerSecond);
  const what = `${count}${count >= 10_000 ? ' or more' : ''} sessions: were all to come back at once, Cognito's default of ${getIdPerSecond} GetId calls a second would take ${seconds} s`;
  return seconds <= 60
    ? ok('quotas', what)
    : warning('quotas', what, 'Ask for more of GetId and GetOpenIdToken in Service Quotas, as README says.');
};

const checkConfig: Check = ({ endpoint }) =>
  Promise.resolve(
    endpoint === undefined
      ? warning(
          'AWS Config',
          'Where AWS Config records AWS::SQS::Queue, it bills each session’s queue',
          'Leave AWS::SQS::Queue out of its recorder: aws configservice describe-configuration-recorders.',
        )
      : ok('AWS Config', 'The local service has none'),
  );

const checks: Readonly<Record<string, Check>> = {
  credentials: checkCredentials,
  stack: checkStack,
  'identity pool': checkPool,
  'sessions table': checkTable,
  stream: checkStream,
  clock: checkClock,
  CORS: checkCors,
  quotas: checkQuotas,
  'dead letters': checkQueues,
  alarms: checkAlarms,
  'AWS Config': checkConfig,
};

/** Looks whether the deployment can work. A check that cannot be made is a finding too. */
export const examine = async (deployment: Deployment): Promise<readonly Finding[]> => {
  const findings = await Promise.all(
    Object.entries(checks).map(async ([name, check]): Promise<readonly Finding[]> => {
      try {
        return [await check(deployment)].flat();
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        const remedy = /^AccessDenied/.test(codeOf(error))
          ? 'Ask with credentials that may read the stack’s resources.'
          : 'See whether the resource is there.';
        return [problem(name, `It could not be checked (${codeOf(error)}): ${message}`, remedy)];
      }
    }),
  );
  return findings.flat();
};

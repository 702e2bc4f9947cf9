import { CognitoIdentityClient } from '@aws-sdk/client-cognito-identity';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { queuePolicy } from '../../functions/sessions/queues.ts';
import { newQueueName, roleSessionName } from '../../functions/sessions/names.ts';
import { newRecord, type SessionRecord } from '../../functions/sessions/session-record.ts';
import { AwsFault, startAwsServer, type Action, type Parameters } from './aws-server.ts';
import { IdentitiesFake } from './identities.ts';
import { KeyServiceFake } from './key-service.ts';
import { LogFake } from './log.ts';
import { QueuesFake } from './queues.ts';
import { createDynamoDb } from 'aws-template-emulator';
import { AwsError } from 'aws-template-emulator';

const key = (hash: string, range: string) => [
  { AttributeName: hash, KeyType: 'HASH' },
  { AttributeName: range, KeyType: 'RANGE' },
];

/** Called around a call; throws AwsFault to fail it, or does what somebody else does at that moment. */
export type Hook = (parameters: Parameters) => void | Promise<void>;

const tableProperties = {
  KeySchema: key('accountId', 'sessionId'),
  AttributeDefinitions: Object.entries({ accountId: 'N', sessionId: 'S', route: 'S', shard: 'S', expires: 'N' }).map(
    ([AttributeName, AttributeType]) => ({ AttributeName, AttributeType }),
  ),
  LocalSecondaryIndexes: [
    {
      IndexName: 'routes',
      KeySchema: key('accountId', 'route'),
      Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['userId', 'queueUrl', 'expires'] },
    },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'byShard',
      KeySchema: key('shard', 'expires'),
      Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['queueUrl', 'identityId'] },
    },
  ],
  BillingMode: 'PAY_PER_REQUEST',
};

/** Holds up or fails a call, before and after its effect. */
export type Gate = (action: string, when: 'before' | 'after') => Promise<void>;
const open: Gate = () => Promise.resolve();

/** The services the session functions call, with SDK clients that reach them, and a clock that stands still. */
export const startWorld = async () => {
  const clock = { now: Date.parse('2026-01-01T00:00:00Z') };
  const now = () => clock.now;
  const log = new LogFake();
  const queues = new QueuesFake(now);
  const identities = new IdentitiesFake(now);
  const keyService = new KeyServiceFake(now);
  const dynamo = createDynamoDb({
    clock: { now, at: () => () => undefined, limit: () => () => undefined },
    accountId: '123456789012',
    region: 'eu-west-1',
  });
  const hooks: { readonly place: string; readonly hook: Hook; times: number }[] = [];
  const run = async (place: string, parameters: Parameters) => {
    const found = hooks.find((each) => each.place === place && each.times > 0);
    if (!found) return;
    found.times -= 1;
    await found.hook(parameters);
  };
  const hooked = ([name, action]: [string, Action]): [string, Action] => [
    name,
    async (parameters) => {
      await world.gate(name, 'before');
      await run(`before ${name}`, parameters);
      const answer = await action(parameters);
      await run(`after ${name}`, parameters);
      await world.gate(name, 'after');
      return answer;
    },
  ];
  const tables = Object.entries(dynamo.actions).map(([name, action]): [string, Action] => [
    name,
    async (parameters) => {
      try {
        return await action.run(parameters, undefined as never);
      } catch (error) {
        throw error instanceof AwsError ? new AwsFault(error.code, error.status ?? 400) : error;
      }
    },
  ]);
  const others = Object.entries({ ...queues.actions, ...identities.actions });
  const [server] = await Promise.all([
    startAwsServer(Object.fromEntries([...tables, ...others].map(hooked))),
    dynamo.createTable('Sessions', tableProperties),
  ]);
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(server.client));
  const table = { client, name: 'Sessions' };
  const pauses: number[] = [];
  const world = {
    gate: open,
    clock,
    now,
    queues,
    identities,
    keyService,
    server,
    log,
    /** What the handlers are given. */
    dependencies: {
      table,
      sqs: new SQSClient(server.client),
      cognito: new CognitoIdentityClient(server.client),
      sts: keyService.client,
      now,
      log,
      delay: (milliseconds: number) => Promise.resolve(void pauses.push(milliseconds)),
      random: () => 1,
    },
    /** How long it waited between attempts, in milliseconds. */
    pauses,
    environment,
    /** Does something at a call; the oldest that is left goes first. */
    on: (place: `${'before' | 'after'} ${string}`, hook: Hook, times = 1) => void hooks.push({ place, hook, times }),
    /** How often an action was called. */
    count: (action: string) => server.calls.filter((call) => call.action === action).length,
    /** Writes a record whatever is there. */
    put: async (record: SessionRecord) => {
      await client.send(new PutCommand({ TableName: 'Sessions', Item: record }));
      return record;
    },
    /** Every record. */
    records: async () => {
      const { Items = [] } = await client.send(new ScanCommand({ TableName: 'Sessions' }));
      return Items.filter((item) => 'queueUrl' in item) as SessionRecord[];
    },
    stop: () => server.stop(),
  };
  return world;
};

export type World = Awaited<ReturnType<typeof startWorld>>;

export const environment = {
  sessionTableName: 'Sessions',
  identityPoolId: 'eu-west-1:pool',
  identityPoolOwned: 'true',
  developerProvider: 'none',
  subjectKey: 'cognito-identity.amazonaws.com:sub',
  browserRoleArn: 'arn:aws:iam::123456789012:role/browser',
  browserRoleId: 'AROAEXAMPLE',
  sessionNameSecret: 'a secret of the stack',
  queuePrefix: 'stack',
  queuePrefixes: 'stack,former',
  queueArnPrefix: 'arn:aws:sqs:eu-west-1:123456789012:',
  keyHours: '4',
  messageRetention: '3600',
  gracePeriod: '600',
};

/** The role session name that a seed stands for. */
export const nameOf = (seed = ''): string => roleSessionName(environment.sessionNameSecret, seed);

/** Fails a call as AWS does. */
export const fault =
  (code: string, status = 400): Hook =>
  () => {
    throw new AwsFault(code, status);
  };

let names = 0;

/** A session name as no other has it. */
export const nextName = (): string => {
  names += 1;
  return names.toString(16).padStart(32, '0');
};

/** A whole session: identity, queue and record. `expires` in seconds from the clock's now. */
export const addSession = async (
  world: World,
  { accountId = 1, sessionId = 'a', expiresIn = 3600, ...rest }: Partial<SessionRecord> & { expiresIn?: number } = {},
): Promise<SessionRecord> => {
  const identity = { identityId: world.identities.add(), nameSeed: nextName(), nextNameSeed: nextName() };
  const name = newQueueName(environment.queuePrefix, identity.nameSeed);
  const policy = queuePolicy(environment.queueArnPrefix + name, identity, environment);
  const { url } = world.queues.add(name, { Policy: policy });
  const expires = Math.floor(world.clock.now / 1000) + expiresIn;
  const parts = { request: { accountId, sessionId }, session: null, identity, expires };
  return world.put({ ...newRecord({ ...parts, queueUrl: url }, world.clock.now), ...rest });
};

/** Keys as they are issued. */
export const newKeys = { accessKey: 'ASIANEW', secretKey: 's', sessionToken: 't', expires: 2_000_000_000 };

/** A queue policy that says no more than whose it is: no table. */
export const subject = (identityId: string): object => ({
  Statement: [{ Condition: { StringEqualsIfExists: { 'cognito-identity.amazonaws.com:sub': identityId } } }],
});

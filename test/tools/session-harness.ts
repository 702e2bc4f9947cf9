import { AwsError, startEmulator, type CallPoint, type EmulatorOptions } from 'aws-template-emulator';
import { openCognito, openDocuments, openSqs, openSts } from '../../functions/aws/clients.ts';
import { newQueueName, roleSessionName, queuePolicy } from '../../functions/sessions/queues.ts';
import { newRecord, type SessionRecord } from '../../functions/sessions/session-record.ts';
import { FakeLog } from './log.ts';
import { location, sessionStack } from './session-stack.ts';
import { createStackAccess } from './stack-access.ts';
import { TestClock } from './test-clock.ts';

type Parameters = CallPoint['parameters'];

/** Runs before or after a call. It can throw an AwsError, which fails the call, or do what another caller does at that moment. */
export type Hook = (parameters: Parameters) => unknown;

/** A call of a function. */
interface FunctionCall {
  /** `CreateQueue` */
  readonly action: string;
  readonly parameters: Parameters;
}

/** Delays or fails a call, before and after its effect. */
export type Gate = (action: string, when: 'before' | 'after') => Promise<void>;
const open: Gate = () => Promise.resolve();

const years = 365 * 24 * 3600;

export interface SessionHarnessOptions {
  /** AWS's quotas that hold. Default none. */
  readonly quotas?: EmulatorOptions['quotas'];
  /** How many pairs the pool has. Default 0: there is no pool. */
  readonly poolSize?: number;
}

/** The emulator with the resources the session functions work on, SDK clients that reach it, and a clock that stands still. */
export const startSessionHarness = async ({ quotas, poolSize = 0 }: SessionHarnessOptions = {}) => {
  const clock = new TestClock(Date.parse('2026-01-01T00:00:00Z'));
  const now = () => clock.now();
  const log = new FakeLog();
  const emulator = await startEmulator({ template: sessionStack, ...location, clock, ...(quotas && { quotas }) });
  const hooks: { readonly point: string; readonly hook: Hook; times: number }[] = [];
  const calls: FunctionCall[] = [];
  const run = async (point: string, parameters: Parameters) => {
    const found = hooks.find((each) => each.point === point && each.times > 0);
    if (!found) return;
    found.times -= 1;
    await found.hook(parameters);
  };
  // The administrator is the test itself.
  emulator.interceptors.add('before', '*', async ({ action, parameters, principal }) => {
    if (principal.type === 'administrator') return;
    calls.push({ action, parameters });
    await harness.gate(action, 'before');
    await run(`before ${action}`, parameters);
  });
  emulator.interceptors.add('after', '*', async ({ action, parameters, principal }) => {
    if (principal.type === 'administrator') return;
    await run(`after ${action}`, parameters);
    await harness.gate(action, 'after');
  });
  const credentials = emulator.issueCredentials('functions', 'test', 10 * years);
  // Signed with the time of the harness's clock, and without a second attempt, which would hide a fault.
  // The timeouts are so long that no call fails on a slow machine.
  const timeouts = { connectionTimeout: 60_000, requestTimeout: 60_000 };
  const options = { endpoint: emulator.url, region: location.region, credentials, maxAttempts: 1, now, timeouts };
  const client = openDocuments(options);
  const [sqs, cognito, sts] = [openSqs(options), openCognito(options), openSts(options)];
  const table = { client, name: 'Sessions' };
  const pairs = { client, name: 'Pairs' };
  const pauses: number[] = [];
  const harness = {
    ...createStackAccess(emulator, clock),
    gate: open,
    clock,
    now,
    /** Every call of the functions, in the order of arrival. */
    calls,
    log,
    /** The handlers' dependencies. */
    dependencies: {
      table,
      pairs: poolSize > 0 ? pairs : undefined,
      sqs,
      cognito,
      sts,
      now,
      log,
      delay: (milliseconds: number) => Promise.resolve(void pauses.push(milliseconds)),
      random: () => 1,
    },
    pairs,
    /** The delays between attempts, in milliseconds. */
    pauses,
    environment: { ...environment, poolSize: String(poolSize), ...emulator.outputs },
    /** Runs a hook at the next `times` calls. Of several hooks for a call, the oldest runs first. */
    on: (point: `${'before' | 'after'} ${string}`, hook: Hook, times = 1) => void hooks.push({ point, hook, times }),
    /** How often an action was called. */
    count: (action: string) => calls.filter((call) => call.action === action).length,
    stop: async () => {
      for (const each of [client, sqs, cognito, sts]) each.destroy();
      await emulator.stop();
    },
  };
  return harness;
};

export type SessionHarness = Awaited<ReturnType<typeof startSessionHarness>>;

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
  poolGeneration: 'what pairs are made with',
};

/** The role session name that is derived from a seed. */
export const nameOf = (seed = ''): string => roleSessionName(environment.sessionNameSecret, seed);

/** Fails a call as AWS does. */
export const fault =
  (code: string, status = 400): Hook =>
  () => {
    throw new AwsError(code, 'A message that names arn:aws:sqs:eu-west-1:123456789012:secret', status);
  };

let names = 0;

/** A session name that is used once. */
export const nextName = (): string => {
  names += 1;
  return names.toString(16).padStart(32, '0');
};

/** The session's ids, and members of its record that differ from the defaults. */
interface NewSession extends Partial<SessionRecord> {
  /** Seconds from now. Default 3,600. */
  readonly expiresIn?: number;
  /** The age of its queue in seconds. Default 0. */
  readonly queueAge?: number;
}

/** A whole session: identity, queue and record. */
export const addSession = async (
  harness: SessionHarness,
  { accountId = 1, sessionId = 'a', expiresIn = 3600, queueAge = 0, ...rest }: NewSession = {},
): Promise<SessionRecord> => {
  const identity = { identityId: await harness.addIdentity(), nameSeed: nextName(), nextNameSeed: nextName() };
  const name = newQueueName(environment.queuePrefix, identity.nameSeed);
  const policy = queuePolicy(environment.queueArnPrefix + name, identity, harness.environment);
  const queueUrl = await harness.addQueue(name, { Policy: policy }, queueAge);
  const expires = Math.floor(harness.now() / 1000) + expiresIn;
  const parts = { request: { accountId, sessionId }, session: null, identity, expires };
  return harness.put({ ...newRecord({ ...parts, queueUrl }, harness.now()), ...rest });
};

/** Credentials as they are issued. */
export const newKeys = { accessKey: 'ASIANEW', secretKey: 's', sessionToken: 't', expires: 2_000_000_000 };

/** A queue policy that names only the identity of its session. */
export const subject = (identityId: string): object => ({
  Statement: [
    {
      Effect: 'Allow',
      Principal: '*',
      Action: 'sqs:ReceiveMessage',
      Resource: '*',
      Condition: { StringEqualsIfExists: { 'cognito-identity.amazonaws.com:sub': identityId } },
    },
  ],
});

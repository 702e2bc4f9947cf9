import type { Emulator } from 'aws-template-emulator';
import type { SessionRecord } from '../../functions/sessions/session-record.ts';
import type { TestClock } from './test-clock.ts';

/** A queue with all of its attributes. */
interface Queue {
  readonly url: string;
  readonly attributes: Readonly<Record<string, string>>;
}

type Item = Readonly<Record<string, { readonly N?: string; readonly S?: string }>>;

/** A record as DynamoDB's API has it: numbers and strings. */
const itemOf = (record: SessionRecord): Item =>
  Object.fromEntries(
    Object.entries(record).map(([name, value]) => [
      name,
      typeof value === 'number' ? { N: String(value) } : { S: value },
    ]),
  );

const recordOf = (item: Item): object =>
  Object.fromEntries(Object.entries(item).map(([name, { N, S }]) => [name, N === undefined ? S : Number(N)]));

type Ask = <T>(action: string, parameters?: object) => Promise<T>;

const queueAccess = (ask: Ask, clock: TestClock, roleId: string) => {
  const attributesOf = async (QueueUrl: string): Promise<Queue['attributes']> => {
    const answer = await ask<{ Attributes: Queue['attributes'] }>('GetQueueAttributes', {
      QueueUrl,
      AttributeNames: ['All'],
    });
    return answer.Attributes;
  };
  /** The URLs of all queues, in the order they were made. */
  const queueUrls = async (): Promise<string[]> => {
    const urls: string[] = [];
    let NextToken: string | undefined;
    do {
      const page: { QueueUrls?: string[]; NextToken?: string } = await ask('ListQueues', {
        MaxResults: 1000,
        NextToken,
      });
      urls.push(...(page.QueueUrls ?? []));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return urls;
  };
  return {
    queueUrls,
    queueAttributes: attributesOf,
    /** Makes a queue that is `age` seconds old; returns its URL. */
    addQueue: async (QueueName: string, Attributes: Queue['attributes'] = {}, age = 0): Promise<string> => {
      const make = () => ask<{ QueueUrl: string }>('CreateQueue', { QueueName, Attributes });
      return (await clock.ago(age, make)).QueueUrl;
    },
    deleteQueues: async (): Promise<void> => {
      for (const QueueUrl of await queueUrls()) await ask('DeleteQueue', { QueueUrl });
    },
    /** The session names that a queue's policy allows. */
    opensTo: async (queueUrl: string): Promise<string[]> => {
      const { Policy: policy = '' } = await attributesOf(queueUrl);
      return [...policy.matchAll(new RegExp(`"${roleId}:(\\w+)"`, 'g'))].map(([, name = '']) => name);
    },
  };
};

const identityAccess = (ask: Ask, clock: TestClock, IdentityPoolId: string) => {
  const identities = async (): Promise<string[]> => {
    const ids: string[] = [];
    let NextToken: string | undefined;
    do {
      const page: { Identities: { IdentityId: string }[]; NextToken?: string } = await ask('ListIdentities', {
        IdentityPoolId,
        MaxResults: 60,
        NextToken,
      });
      ids.push(...page.Identities.map(({ IdentityId }) => IdentityId));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return ids;
  };
  return {
    /** The ids of all identities, in the order they were made. */
    identities,
    /** Makes a guest that is `age` seconds old; returns its id. */
    addIdentity: async (age = 0): Promise<string> => {
      const make = () => ask<{ IdentityId: string }>('GetId', { IdentityPoolId });
      return (await clock.ago(age, make)).IdentityId;
    },
    /** Makes the identity of a developer's user; returns its id. */
    addDeveloperIdentity: async (Logins: Readonly<Record<string, string>>): Promise<string> =>
      (await ask<{ IdentityId: string }>('GetOpenIdTokenForDeveloperIdentity', { IdentityPoolId, Logins })).IdentityId,
    /** An identity's token for STS. */
    tokenOf: async (IdentityId: string): Promise<string> =>
      (await ask<{ Token: string }>('GetOpenIdToken', { IdentityId })).Token,
    deleteIdentities: async (): Promise<void> => {
      for (let ids = await identities(); ids.length > 0; ids = await identities()) {
        await ask('DeleteIdentities', { IdentityIdsToDelete: ids.slice(0, 60) });
      }
    },
  };
};

/** Makes, reads and deletes resources of the stack as the administrator, whose calls do not count as the functions'. */
export const createStackAccess = (emulator: Emulator, clock: TestClock) => {
  const asking =
    (service: string): Ask =>
    async <T>(action: string, parameters: object = {}) =>
      (await emulator.ask(service, action, { ...parameters })) as T;
  const { browserRoleId = '', identityPoolId = '' } = emulator.outputs;
  const askTable = asking('dynamodb');
  return {
    ...queueAccess(asking('sqs'), clock, browserRoleId),
    ...identityAccess(asking('cognito-identity'), clock, identityPoolId),
    /** Lets DeleteIdentities leave the first identity of a call unprocessed, with this ErrorCode. */
    refuseDeletion: (name: 'AccessDenied' | 'InternalServerError', times = Infinity) =>
      emulator.faults.add({
        call: 'cognito-identity:DeleteIdentities',
        when: 'before',
        entry: 0,
        error: { name, message: '' },
        times,
      }),
    /** Writes a record, also over one that exists. */
    put: async (record: SessionRecord): Promise<SessionRecord> => {
      await askTable('PutItem', { TableName: 'Sessions', Item: itemOf(record) });
      return record;
    },
    /** Every record. */
    records: async (): Promise<SessionRecord[]> => {
      const { Items } = await askTable<{ Items: Item[] }>('Scan', {
        TableName: 'Sessions',
      });
      return Items.map(recordOf).filter((item) => 'queueUrl' in item) as SessionRecord[];
    },
    deleteRecords: async (): Promise<void> => {
      const { Items } = await askTable<{ Items: Item[] }>('Scan', { TableName: 'Sessions' });
      for (const { accountId, sessionId } of Items) {
        await askTable('DeleteItem', { TableName: 'Sessions', Key: { accountId, sessionId } });
      }
    },
  };
};

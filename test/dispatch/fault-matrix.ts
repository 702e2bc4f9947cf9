import { DeleteQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Message } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';
import type { Session } from '../../client/shared/session.ts';
import { randomText } from '../tools/random-text.ts';
import type { Stack } from '../acceptance/stack.ts';
import { administrator, region } from '../acceptance/stack.ts';
import { Planting } from '../lifecycle/planting.ts';
import { failedRecords } from './failed-batches.ts';
import type { FailedRecord } from './failed-batches.ts';
import { reasonOf } from './fault-cases.ts';
import type { FaultCase, Place } from './fault-cases.ts';

const kindSchema = z.object({ kind: z.string() });

/** What became of one record. */
export interface Fate {
  readonly text: string;
  readonly places: readonly Place[];
  /** The ids under which it lies there. */
  readonly ids: readonly string[];
}

export interface Outcome {
  /** The first is for the account, the second for a user, the third for a session. */
  readonly messages: readonly Fate[];
  readonly poison: Fate;
  readonly reasons: readonly string[];
  /** What each session's queue held, without repeats, in the order it came: `desk account`. */
  readonly received: readonly string[];
  /** What the undelivered queue says a session did not get, likewise. */
  readonly missed: readonly string[];
  /** A record that was put afterwards has arrived. */
  readonly movesOn: boolean;
}

type SessionName = 'desk' | 'phone';

interface DeadLetter {
  readonly reason: string;
  readonly messageId: string;
  readonly body: string;
  readonly targets: readonly { readonly sessionId: string }[];
}

interface Rejected {
  readonly reason: string;
  readonly recordId: string;
  readonly data: string;
}

/** Everything that lies anywhere. */
interface Found {
  /** By session. */
  readonly queues: Readonly<Record<SessionName, readonly Message[]>>;
  readonly undelivered: readonly DeadLetter[];
  readonly rejected: readonly Rejected[];
  readonly failed: readonly FailedRecord[];
}

const idOf = ({ MessageAttributes: attributes }: Message): string => attributes?.['messageId']?.StringValue ?? '';

const parsed = <T>(messages: readonly Message[]): T[] => messages.map(({ Body: body = '' }) => JSON.parse(body) as T);

/** For whom a message is: `account`, `user` or `session`. */
const kindOf = (body = ''): string => kindSchema.parse(JSON.parse(body)).kind;

const withoutRepeats = (messages: readonly Message[]): readonly Message[] => {
  const ids = messages.map(idOf);
  return messages.filter((_, index) => ids.indexOf(ids[index] ?? '') === index);
};

const fateOf = (text: string, { queues, undelivered, rejected, failed }: Found): Fate => {
  const inQueues = [...queues.desk, ...queues.phone].filter(({ Body: body }) => body === text);
  const inRejected = rejected.filter(({ data }) => Buffer.from(data, 'base64').toString() === text);
  const places: readonly (readonly [Place, readonly string[]])[] = [
    ['delivered', inQueues.map(idOf)],
    ['undelivered queue', undelivered.filter(({ body }) => body === text).map(({ messageId }) => messageId)],
    ['rejected queue', inRejected.map(({ recordId }) => recordId)],
    ['failed-batch bucket', failed.filter(({ data }) => data.toString() === text).map(({ eventID }) => eventID)],
  ];
  return {
    text,
    places: places.filter(([, ids]) => ids.length > 0).map(([place]) => place),
    ids: [...new Set(places.flatMap(([, ids]) => ids))],
  };
};

/** So many that a dispatch to all of them is planned. */
const onlookers = 25;

/** Characters that make a message too long to travel in the machine's data. */
const largeLength = 150_000;

const textsFor = (accountId: number, length: number): string[] =>
  [
    { kind: 'account', accountId },
    { kind: 'user', accountId, userId: 7 },
    { kind: 'session', accountId, sessionId: 'desk' },
  ].map((message) => JSON.stringify({ ...message, text: randomText(length) }));

/** Runs cases one after the other, each in an account of its own. */
export class FaultMatrix {
  readonly #stack: Stack;
  #accountId = 0;

  constructor(stack: Stack) {
    this.#stack = stack;
  }

  async run(one: FaultCase): Promise<Outcome> {
    this.#accountId += 1;
    const accountId = this.#accountId;
    const desk = await this.#stack.create(accountId, 'desk', 7);
    const phone = await this.#stack.create(accountId, 'phone', 7);
    if (one.many) await this.#addOnlookers(accountId);
    if (one.queueDeleted) {
      await this.#deleteQueue(phone.sqsUrl);
      this.#stack.runtime.clock.advance(61_000);
    }
    const [first = '', ...rest] = textsFor(accountId, one.large ? largeLength : 1);
    const poison = `{"accountId":"${accountId}"}`;
    const remove = one.faults.map((fault) => this.#stack.runtime.faults.add(fault));
    await this.#stack.put(first, poison, ...rest);
    for (const end of remove) end();
    const found = await this.#find({ desk, phone });
    return {
      messages: [first, ...rest].map((text) => fateOf(text, found)),
      poison: fateOf(poison, found),
      reasons: [...new Set(found.undelivered.map(reasonOf))],
      received: (['desk', 'phone'] as const).flatMap((session) =>
        withoutRepeats(found.queues[session]).map(({ Body: body }) => `${session} ${kindOf(body)}`),
      ),
      missed: found.undelivered.flatMap(({ targets, body }) =>
        targets
          .filter(({ sessionId }) => sessionId === 'desk' || sessionId === 'phone')
          .map(({ sessionId }) => `${sessionId} ${kindOf(body)}`),
      ),
      movesOn: await this.#movesOn(accountId, desk),
    };
  }

  /** Sessions that nobody looks into. */
  async #addOnlookers(accountId: number): Promise<void> {
    await new Planting(this.#stack.runtime).sessions(onlookers, accountId * onlookers, 3600, {
      accountOf: () => accountId,
      idPrefix: 'onlooker',
    });
  }

  async #find({ desk, phone }: Readonly<Record<SessionName, Session>>): Promise<Found> {
    const { outputs } = this.#stack.runtime;
    const [ofDesk, ofPhone, undelivered, rejected, failed] = await Promise.all([
      this.#drain(desk.sqsUrl),
      this.#drain(phone.sqsUrl),
      this.#drain(outputs['UndeliveredQueueUrl']),
      this.#drain(outputs['RejectedQueueUrl']),
      failedRecords(this.#stack.runtime),
    ]);
    const queues = { desk: ofDesk, phone: ofPhone };
    return { queues, undelivered: parsed(undelivered), rejected: parsed(rejected), failed };
  }

  async #movesOn(accountId: number, { sqsUrl }: Session): Promise<boolean> {
    const text = JSON.stringify({ accountId, text: 'afterwards' });
    await this.#stack.put(text);
    const received = await this.#drain(sqsUrl);
    return received.some(({ Body: body }) => body === text);
  }

  /** Empties a queue; one that does not exist is empty. */
  async #drain(url = ''): Promise<readonly Message[]> {
    try {
      return await this.#stack.drain(url);
    } catch (error) {
      if (error instanceof Error && /NonExistentQueue|QueueDoesNotExist/.test(error.name)) return [];
      throw error;
    }
  }

  async #deleteQueue(QueueUrl = ''): Promise<void> {
    const settings = { endpoint: this.#stack.runtime.url, region, credentials: administrator };
    const client = new SQSClient(settings);
    await client.send(new DeleteQueueCommand({ QueueUrl }));
    client.destroy();
  }
}

const places = ({ places: names }: Fate, reasons: readonly string[]): string =>
  names.map((name) => (name === 'undelivered queue' ? `${name} (${reasons.join(', ')})` : name)).join(', ');

/** The table of docs/dispatch.md. */
export const faultTable = (results: readonly { readonly of: FaultCase; readonly outcome: Outcome }[]): string =>
  [
    '| what goes wrong | the messages are then | the bad record between them is then |',
    '| --- | --- | --- |',
    ...results.map(({ of, outcome: { messages, poison, reasons } }) => {
      const fates = new Set(messages.map((fate) => places(fate, reasons)));
      return `| ${of.name} | ${[...fates].join('; ')} | ${places(poison, [])} |`;
    }),
  ].join('\n');

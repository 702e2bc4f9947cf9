import fc from 'fast-check';
import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';
import type { Session } from '../../client/shared/session.ts';
import { clientOptions } from '../tools/worst-case.ts';
import type { ServiceHarness } from './service-harness.ts';

const textSchema = z.object({ text: z.string() });

/** What a session should be, as far as its users can tell. Times are the clock's epoch milliseconds. */
interface ModelSession {
  /** Keys that must work, with the time they end. */
  readonly keys: Session[];
  /** Keys that must not work any more. */
  readonly dead: Session[];
  /** What was sent to it and not received yet. */
  readonly messages: { readonly text: string; readonly sent: number }[];
}

export interface Model {
  /** How long it has been since the model began, milliseconds. */
  time: number;
  readonly sessions: Map<string, ModelSession>;
  sent: number;
}

export interface Real {
  readonly harness: ServiceHarness;
  /** Keeps the sessions of one run apart from those of the others. */
  readonly account: number;
}

type Command = fc.AsyncCommand<Model, Real>;

const minute = 60_000;
const gracePeriod = 60 * minute;
const retention = 60 * minute;

const expectThat = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(what);
};

const expires = ({ expires: seconds }: Session): number => seconds * 1000;
const now = ({ harness }: Real): number => harness.runtime.clock.now();
/** When the clock is this close to an expiry, either answer is right, milliseconds. */
const doubt = 5000;

const lastKeys = (session: ModelSession): Session | undefined => session.keys.at(-1);

type Life = 'active' | 'expired' | 'removable' | 'doubtful';

const lifeOf = (session: ModelSession, real: Real): Life => {
  const keys = lastKeys(session);
  const left = keys ? expires(keys) - now(real) : 0;
  if (Math.abs(left) < doubt || Math.abs(left + gracePeriod) < doubt) return 'doubtful';
  if (left > 0) return 'active';
  return left > -gracePeriod ? 'expired' : 'removable';
};

const path = (real: Real, id: string): string => `${real.account}/${encodeURIComponent(id)}`;

abstract class SessionCommand implements Command {
  readonly id: string;
  constructor(id: string) {
    this.id = id;
  }
  check(): boolean {
    return true;
  }
  abstract run(model: Model, real: Real): Promise<void>;
  abstract toString(): string;
}

class Create extends SessionCommand {
  async run(model: Model, real: Real): Promise<void> {
    const { status, body } = await real.harness.call<Session>(`/create/${path(real, this.id)}`);
    expectThat(status === 200, `create answered ${status}`);
    const before = model.sessions.get(this.id);
    if (before) {
      const sameQueue = lastKeys(before)?.sqsUrl === body.sqsUrl;
      expectThat(sameQueue || lifeOf(before, real) !== 'active', 'a refresh made another queue');
      before.dead.push(...before.keys.splice(0));
      before.keys.push(body);
      if (!sameQueue) before.messages.length = 0;
    } else {
      model.sessions.set(this.id, { keys: [body], dead: [], messages: [] });
    }
    const session = model.sessions.get(this.id);
    real.harness.settle();
    for (const keys of session?.dead ?? [])
      expectThat(!(await real.harness.keysWork(keys)), 'keys from before a refresh work');
    expectThat(await real.harness.keysWork(body), 'new keys do not work');
  }
  toString = () => `create(${this.id})`;
}

class Renew extends SessionCommand {
  async run(model: Model, real: Real): Promise<void> {
    const session = model.sessions.get(this.id);
    const life = session && lifeOf(session, real);
    const { status, body } = await real.harness.call<Session>(`/renew/${path(real, this.id)}`);
    if (!session) {
      expectThat(status === 404, `renew of nothing answered ${status}`);
      return;
    }
    if (life === 'active' || life === 'expired')
      expectThat(status === 200, `renew of an ${life} session answered ${status}`);
    if (status === 404) {
      model.sessions.delete(this.id);
      return;
    }
    session.keys.push(body);
    expectThat(await real.harness.keysWork(body), 'renewed keys do not work');
    for (const keys of session.keys) {
      if (expires(keys) - now(real) > doubt)
        expectThat(await real.harness.keysWork(keys), 'a renewal ended older keys');
    }
  }
  toString = () => `renew(${this.id})`;
}

class Status extends SessionCommand {
  async run(model: Model, real: Real): Promise<void> {
    const session = model.sessions.get(this.id);
    const life = session && lifeOf(session, real);
    const { status, body } = await real.harness.call<Session>(`/status/${path(real, this.id)}`);
    if (life === 'active') {
      expectThat(status === 200, `the status of an active session answered ${status}`);
      expectThat(await real.harness.keysWork(body), 'the keys of the status do not work');
      expectThat(body.sqsUrl === (session && lastKeys(session)?.sqsUrl), 'the status has another queue');
    } else if (life !== 'doubtful') {
      expectThat(status === 404, `the status of no active session answered ${status}`);
    }
  }
  toString = () => `status(${this.id})`;
}

class Destroy extends SessionCommand {
  async run(model: Model, real: Real): Promise<void> {
    const session = model.sessions.get(this.id);
    const life = session && lifeOf(session, real);
    const { status } = await real.harness.call(`/destroy/${path(real, this.id)}`);
    if (!session) expectThat(status === 404, `destroy of nothing answered ${status}`);
    else if (life === 'active' || life === 'expired') expectThat(status === 200, `destroy answered ${status}`);
    real.harness.settle();
    for (const keys of [...(session?.keys ?? []), ...(session?.dead ?? [])]) {
      expectThat(!(await real.harness.keysWork(keys)), 'keys work after a destroy');
    }
    model.sessions.delete(this.id);
  }
  toString = () => `destroy(${this.id})`;
}

class Notify extends SessionCommand {
  async run(model: Model, real: Real): Promise<void> {
    const session = model.sessions.get(this.id);
    const life = session && lifeOf(session, real);
    const text = `m${(model.sent += 1)}`;
    const { status, body } = await real.harness.call(
      `/notify/${real.account}/session/${encodeURIComponent(this.id)}?text=${text}`,
    );
    expectThat(status === 200, `notify answered ${status}`);
    if (life !== 'doubtful')
      expectThat(body['delivered'] === (life === 'active' ? 1 : 0), `notify delivered ${String(body['delivered'])}`);
    if (body['delivered'] === 1) session?.messages.push({ text, sent: now(real) });
  }
  toString = () => `notify(${this.id})`;
}

class Receive extends SessionCommand {
  async run(model: Model, real: Real): Promise<void> {
    const session = model.sessions.get(this.id);
    const keys = session && lastKeys(session);
    if (!keys || lifeOf(session, real) !== 'active') return;
    const texts = await receiveAll(real, keys);
    const sent = session.messages.splice(0);
    for (const { text, sent: at } of sent) {
      const age = now(real) - at;
      if (age < retention - doubt) expectThat(texts.includes(text), `${text} did not arrive`);
      if (age > retention + doubt) expectThat(!texts.includes(text), `${text} outlived the retention`);
    }
    const known = new Set(sent.map(({ text }) => text));
    expectThat(new Set(texts).size === texts.length && texts.every((text) => known.has(text)), `got ${texts.join()}`);
  }
  toString = () => `receive(${this.id})`;
}

/** Empties the queue. */
const receiveAll = async ({ harness }: Real, keys: Session): Promise<readonly string[]> => {
  const credentials = { accessKeyId: keys.accessKey, secretAccessKey: keys.secretKey, sessionToken: keys.sessionToken };
  const { url: endpoint, clock } = harness.runtime;
  const client = new SQSClient({ region: 'us-east-1', endpoint, credentials, ...clientOptions(clock) });
  const QueueUrl = keys.sqsUrl;
  const texts: string[] = [];
  try {
    for (;;) {
      const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
      if (Messages.length === 0) return texts;
      for (const { Body = '{}', ReceiptHandle } of Messages) {
        texts.push(textSchema.parse(JSON.parse(Body)).text);
        await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
    }
  } finally {
    client.destroy();
  }
};

class Cleanup implements Command {
  check = (): boolean => true;
  async run(model: Model, real: Real): Promise<void> {
    const lives = [...model.sessions].map(([id, session]) => [id, session, lifeOf(session, real)] as const);
    await real.harness.cleanUp();
    real.harness.settle();
    for (const [id, session, life] of lives) {
      const { status } = await real.harness.call(`/status/${path(real, id)}`);
      if (life === 'active') expectThat(status === 200, 'the cleanup removed an active session');
      if (life !== 'removable') continue;
      for (const keys of session.keys) expectThat(!(await real.harness.keysWork(keys)), 'keys outlived the cleanup');
      model.sessions.delete(id);
    }
  }
  toString = () => 'cleanup';
}

class Pass implements Command {
  readonly minutes: number;
  constructor(minutes: number) {
    this.minutes = minutes;
  }
  check = (): boolean => true;
  run(model: Model, real: Real): Promise<void> {
    model.time += this.minutes * minute;
    real.harness.runtime.clock.advance(this.minutes * minute);
    return Promise.resolve();
  }
  toString = () => `pass(${this.minutes} min)`;
}

const ids = fc.constantFrom('a', 'b/ü');

/** Sequences of what can happen to two sessions. */
export const commands = fc.commands(
  [
    ids.map((id) => new Create(id)),
    ids.map((id) => new Renew(id)),
    ids.map((id) => new Status(id)),
    ids.map((id) => new Destroy(id)),
    ids.map((id) => new Notify(id)),
    ids.map((id) => new Receive(id)),
    fc.constant(new Cleanup()),
    fc.constantFrom(1, 45, 100, 239, 301).map((minutes) => new Pass(minutes)),
  ],
  { maxCommands: 12 },
);

import fc from 'fast-check';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Description, World } from './world.ts';

/** What a session should be, as far as its users can tell. Times are the clock's epoch milliseconds. */
interface ModelSession {
  /** Keys that must work, with the time they end. */
  readonly keys: Description[];
  /** Keys that must not work any more. */
  readonly dead: Description[];
  readonly messages: string[];
}

export interface Model {
  /** How long it has been since the model began, milliseconds. */
  time: number;
  readonly sessions: Map<string, ModelSession>;
  sent: number;
}

export interface Real {
  readonly world: World;
  /** Keeps the sessions of one run apart from those of the others. */
  readonly account: number;
}

type Command = fc.AsyncCommand<Model, Real>;

const minute = 60_000;
const gracePeriod = 60 * minute;

const expectThat = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(what);
};

const expires = ({ expires: seconds }: Description): number => seconds * 1000;
const now = ({ world }: Real): number => world.runtime.clock.now();
/** When the clock is this close to an expiry, either answer is right, milliseconds. */
const doubt = 5000;

const lastKeys = (session: ModelSession): Description | undefined => session.keys.at(-1);

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
    const { status, body } = await real.world.call<Description>(`/create/${path(real, this.id)}`);
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
    for (const keys of session?.dead ?? [])
      expectThat(!(await real.world.keysWork(keys)), 'keys from before a refresh work');
    expectThat(await real.world.keysWork(body), 'new keys do not work');
  }
  toString = () => `create(${this.id})`;
}

class Renew extends SessionCommand {
  async run(model: Model, real: Real): Promise<void> {
    const session = model.sessions.get(this.id);
    const life = session && lifeOf(session, real);
    const { status, body } = await real.world.call<Description>(`/renew/${path(real, this.id)}`);
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
    expectThat(await real.world.keysWork(body), 'renewed keys do not work');
    for (const keys of session.keys) {
      if (expires(keys) - now(real) > doubt) expectThat(await real.world.keysWork(keys), 'a renewal ended older keys');
    }
  }
  toString = () => `renew(${this.id})`;
}

class Status extends SessionCommand {
  async run(model: Model, real: Real): Promise<void> {
    const session = model.sessions.get(this.id);
    const life = session && lifeOf(session, real);
    const { status, body } = await real.world.call<Description>(`/status/${path(real, this.id)}`);
    if (life === 'active') {
      expectThat(status === 200, `the status of an active session answered ${status}`);
      expectThat(session !== undefined && body.accessKey === lastKeys(session)?.accessKey, 'the status has other keys');
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
    const { status } = await real.world.call(`/destroy/${path(real, this.id)}`);
    if (!session) expectThat(status === 404, `destroy of nothing answered ${status}`);
    else if (life === 'active' || life === 'expired') expectThat(status === 200, `destroy answered ${status}`);
    for (const keys of [...(session?.keys ?? []), ...(session?.dead ?? [])]) {
      expectThat(!(await real.world.keysWork(keys)), 'keys work after a destroy');
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
    const { status, body } = await real.world.call(
      `/notify/${real.account}/session/${encodeURIComponent(this.id)}?text=${text}`,
    );
    expectThat(status === 200, `notify answered ${status}`);
    if (life === 'doubtful') return;
    expectThat(body['delivered'] === (life === 'active' ? 1 : 0), `notify delivered ${String(body['delivered'])}`);
    const keys = session && lastKeys(session);
    if (life !== 'active' || !keys) return;
    const texts = await receiveTexts(real, keys);
    expectThat(texts.includes(text), `${text} did not arrive`);
  }
  toString = () => `notify(${this.id})`;
}

const receiveTexts = async ({ world }: Real, keys: Description): Promise<readonly string[]> => {
  const credentials = { accessKeyId: keys.accessKey, secretAccessKey: keys.secretKey, sessionToken: keys.sessionToken };
  const client = new SQSClient({ region: 'us-east-1', endpoint: world.runtime.url, credentials });
  const texts: string[] = [];
  try {
    for (;;) {
      const receive = new ReceiveMessageCommand({
        QueueUrl: keys.sqsUrl,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: 1,
      });
      const { Messages = [] } = await client.send(receive);
      if (Messages.length === 0) return texts;
      texts.push(...Messages.map(({ Body = '{}' }) => (JSON.parse(Body) as { text: string }).text));
    }
  } finally {
    client.destroy();
  }
};

class Cleanup implements Command {
  check = (): boolean => true;
  async run(model: Model, real: Real): Promise<void> {
    const lives = [...model.sessions].map(([id, session]) => [id, session, lifeOf(session, real)] as const);
    await real.world.cleanUp();
    for (const [id, session, life] of lives) {
      const { status } = await real.world.call(`/status/${path(real, id)}`);
      if (life === 'active') expectThat(status === 200, 'the cleanup removed an active session');
      if (life !== 'removable') continue;
      for (const keys of session.keys) expectThat(!(await real.world.keysWork(keys)), 'keys outlived the cleanup');
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
    real.world.runtime.clock.advance(this.minutes * minute);
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
    fc.constant(new Cleanup()),
    fc.constantFrom(1, 45, 100, 239, 301).map((minutes) => new Pass(minutes)),
  ],
  { maxCommands: 8 },
);

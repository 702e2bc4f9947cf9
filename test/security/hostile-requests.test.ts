import { afterAll, expect, test } from '@jest/globals';
import { errors } from '../../client/shared/errors.ts';
import { ServiceHarness } from '../lifecycle/service-harness.ts';
import type { Answered, HostileRequest } from './hostile-requests.ts';
import { hostileRequest, inbox, send } from './hostile-requests.ts';
import { hostileRuns, tryHostile } from './hostile-texts.ts';
import { expectCounts } from './counts.ts';
import { emptyQueue, messageIdOf } from './inbox.ts';
import { wireCases, sendRaw } from './wire-cases.ts';

const harness = await ServiceHarness.start();
afterAll(() => harness[Symbol.asyncDispose]());
const { url } = harness.runtime;

// Neighbours that no input may reach.
const other = await harness.create(918_273_645, 'inbox');
const { body: own } = await harness.call<typeof other>(`/create/${inbox.accountId}/${inbox.sessionId}/${inbox.userId}`);

/** The other inputs are records. */
const runs = Math.ceil(hostileRuns * 0.3);

type Members = Readonly<Record<string, unknown>>;

const refused = [400, 403, 404, 405, 409, 413, 415];

/** An error has its name and a message, and of other members only those the table of errors has for it. */
const expectError = (json: Members): void => {
  const { error, message, ...members } = json;
  expect(message).toEqual(expect.stringMatching(/./));
  const known = Object.entries(errors).find(([name]) => name === error)?.[1];
  expect(known?.members).toEqual(expect.arrayContaining(Object.keys(members)));
};

/** As text, for a member may be called `__proto__`. */
const membersOf = (object: Members): string =>
  JSON.stringify(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));

let parsed = 0;

/**
 * JSON.parse, kept clear of a defect of V8 13.6 (Node 24): it may take an object's member for one of an object it has read
 * before, if that one's name ends in a backslash. An object that begins like no other is read right.
 */
const parseObject = (text: string): Members => {
  if (/^\s*\{\s*\}/.test(text)) return {};
  const unique = `unique${(parsed += 1)}`;
  const object = JSON.parse(text.replace('{', `{"${unique}":0,`)) as Record<string, unknown>;
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== unique));
};

/** What a notify call says: the path wins over the body, the body over the query. */
const expectedMessage = ({ route, ids, query, body }: HostileRequest): string => {
  const path: [string, unknown][] = [['accountId', Number(ids.A)]];
  if (route.includes('S')) path.push(['sessionId', ids.S.toWellFormed()]);
  if (route.includes('U')) path.push(['userId', Number(ids.U)]);
  const asked = query.map(([name, value]): [string, string] => [name.toWellFormed(), value.toWellFormed()]);
  const posted = body === undefined || body === '' ? {} : parseObject(body.toWellFormed());
  return membersOf(Object.fromEntries([...asked, ...Object.entries(posted), ...path]));
};

/** Texts of numbers that JavaScript cannot hold: they must arrive as they were written. */
const longNumbers = (text: string): readonly string[] => text.match(/\d{17,}|1e400/g) ?? [];

interface Sent {
  readonly input: HostileRequest;
  readonly messageId: string;
  readonly delivered: number;
}

const checkAnswer = async (input: HostileRequest): Promise<Sent | undefined> => {
  const answer = await send(url, input);
  try {
    return judge(input, answer);
  } catch (error) {
    throw new Error(`${JSON.stringify(input).slice(0, 2000)} got ${answer.status} ${answer.text.slice(0, 500)}`, {
      cause: error,
    });
  }
};

const judge = (input: HostileRequest, { status, text }: Answered): Sent | undefined => {
  const json = JSON.parse(text) as Members;
  if (status !== 200) {
    expect(refused).toContain(status);
    expectError(json);
    return undefined;
  }
  if ('accessKey' in json) {
    expect(json).toMatchObject({ accountId: Number(input.ids.A), sessionId: input.ids.S.toWellFormed() });
    expect(input.route).toMatch(/^(?:create|renew|status)\/A\/S/);
  }
  return 'messageId' in json
    ? { input, messageId: String(json['messageId']), delivered: Number(json['delivered']) }
    : undefined;
};

const checkArrivals = async (sent: readonly Sent[]): Promise<void> => {
  const arrived = new Map(
    (await emptyQueue(harness, own.sqsUrl)).map((message) => [messageIdOf(message), message.Body ?? '']),
  );
  // Hostile ids such as -0 are accounts too, with sessions of their own.
  const delivered = sent.filter((one) => one.delivered > 0 && Number(one.input.ids.A) === inbox.accountId);
  const sentIds = new Set(delivered.map(({ messageId }) => messageId));
  const foreign = [...arrived].filter(([messageId]) => !sentIds.has(messageId));
  expect(foreign).toEqual([]);
  expect(arrived.size).toBe(delivered.length);
  for (const { input, messageId } of delivered) {
    const body = arrived.get(messageId) ?? '';
    expect(membersOf(parseObject(body))).toBe(expectedMessage(input));
    if (/^\{"n":|^\{"a":1e400\}/.test(input.body ?? '')) {
      for (const number of longNumbers(input.body ?? '')) expect(body).toContain(number);
    }
  }
};

test('every request gets its own session or a refusal, and what is accepted arrives unchanged', async () => {
  const seen = { accepted: 0 };
  await tryHostile(hostileRequest, { inputs: runs, atOnce: 48 }, async (inputs) => {
    const sent = (await Promise.all(inputs.map(checkAnswer))).filter((one) => one !== undefined);
    seen.accepted += sent.length;
    await checkArrivals(sent);
  });
  expect(seen.accepted).toBeGreaterThan(runs / 50);
  const { sqsUrl, identityId } = other;
  expect((await harness.call(`/status/${other.accountId}/inbox`)).body).toMatchObject({ sqsUrl, identityId });
  expect(await emptyQueue(harness, other.sqsUrl)).toEqual([]);
}, 600_000);

test.each(wireCases)('on the wire, $name gets $status', async ({ bytes, status, ends, answer }) => {
  const received = await sendRaw(url, bytes, ends ?? false);
  expect(received.status).toBe(status);
  const json = JSON.parse(received.body) as Members;
  if (answer) expect(json).toEqual(answer);
  else expectError(json);
});

test('docs/security.md says how many there are', () => expectCounts({ hostileWireCases: wireCases.length }));

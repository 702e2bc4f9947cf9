import fc from 'fast-check';
import { bodies, inbox } from './hostile-requests.ts';
import { text } from './hostile-texts.ts';

export interface HostileRecord {
  readonly data: Buffer;
  readonly partitionKey: string;
}

const { accountId, sessionId, userId } = inbox;

/** Values of the three members that say whom a message is for, as they may stand in a text: the right ones, others and none. */
const ids = {
  accountId: ['5', '5', '5', '5.0', '50e-1', '"5"', 'null', '-0', '6', '9007199254740993', '1e400', '[5]', '05', ''],
  sessionId: [`"${sessionId}"`, `"\\u0069nbox"`, '""', `"${'x'.repeat(256)}"`, '"none"', '7', '"\\ud800"', '{}'],
  userId: [String(userId), '7.0', '"7"', '8', '7.5', '1e3', 'true'],
};

const member = (name: keyof typeof ids) =>
  fc.constantFrom(...ids[name].map((value) => `"${name}":${value}`), `"${name.slice(0, -1)}\\u0064":${accountId}`);

const own = fc.oneof(
  text.map((value) => `${JSON.stringify(value)}:${JSON.stringify(value)}`),
  text.map((value) => `"x":"${value}"`),
  fc.jsonValue().map((value) => `"data":${JSON.stringify(value)}`),
  fc.constantFrom('"__proto__":{"accountId":6}', '"n":12345678901234567890', '"a":1e400', '"a":1,"a":2', '"":0', ' '),
  fc.nat(2000).map((depth) => `"deep":${'['.repeat(depth)}${']'.repeat(depth)}`),
);

const object = fc
  .tuple(fc.subarray([member('accountId'), member('accountId'), member('sessionId'), member('userId'), own, own]))
  .chain(([parts]) => fc.tuple(...parts))
  .map((parts) => `{${parts.join(',')}}`);

const usual = fc.tuple(member('accountId'), own).map((parts) => `{${parts.join(',')}}`);

const cut = fc.tuple(object, fc.nat(100)).map(([whole, at]) => whole.slice(0, at));

const bytes = fc.oneof(
  { weight: 6, arbitrary: fc.oneof(usual, object).map((value) => Buffer.from(value)) },
  {
    weight: 1,
    arbitrary: fc.oneof(cut, text, fc.constantFrom(...bodies), fc.json()).map((value) => Buffer.from(value)),
  },
  { weight: 1, arbitrary: usual.map((value) => Buffer.from(value, 'latin1')) },
  { weight: 1, arbitrary: usual.map((value) => Buffer.from(value, 'utf16le')) },
  { weight: 1, arbitrary: usual.map((value) => Buffer.from(`\ufeff${value}`)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 100 }).map((value) => Buffer.from(value)) },
);

/** Kinesis wants 1 to 256 characters. */
const partitionKey = text.map((value) => Array.from(value.toWellFormed()).slice(0, 128).join('') || '-');

export const hostileRecord: fc.Arbitrary<HostileRecord> = fc.record({ data: bytes, partitionKey });

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const decode = (data: Buffer): unknown => {
  try {
    const text = strict.decode(data);
    return /[\ufffe\uffff]/.test(text) ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
};

const isSessionId = (value: unknown): boolean =>
  value === undefined ||
  (typeof value === 'string' && value !== '' && Array.from(value).length <= 255 && value.isWellFormed());

/** Where a record has to end up: by the documentation of the stream, and not by the code that reads it. */
export const destinationOf = ({ data }: HostileRecord): 'inbox' | 'rejected' | 'nobody' => {
  const value = decode(data);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'rejected';
  const { accountId: account, sessionId: session, userId: user } = value as Readonly<Record<string, unknown>>;
  if (!Number.isSafeInteger(account) || !isSessionId(session)) return 'rejected';
  if (user !== undefined && !Number.isSafeInteger(user)) return 'rejected';
  const isInbox = account === accountId && (session ?? sessionId) === sessionId && (user ?? userId) === userId;
  return isInbox ? 'inbox' : 'nobody';
};

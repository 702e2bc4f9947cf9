import type { ListedSession, Session } from '../../../client/shared/session.ts';
import { errors, type ErrorMembers, type ErrorName } from '../../../client/shared/errors.ts';
import { parameters } from '../../../client/shared/parameters.ts';
import type { EventNotTaken, EventTaken, PublishAnswer } from '../../../client/shared/publish.ts';
import type { AnswerName } from '../routes.ts';

/** A schema in JSON Schema's words. https://spec.openapis.org/oas/v3.1.0#schema-object */
export interface Schema {
  readonly type: 'array' | 'boolean' | 'integer' | 'object' | 'string';
  readonly description?: string;
  readonly [keyword: string]: unknown;
}

const { accountId, sessionId, userId } = parameters;

const count = (description: string): Schema => ({ type: 'integer', minimum: 0, description });
const text = (description: string): Schema => ({ type: 'string', minLength: 1, description });

const object = (properties: Readonly<Record<string, Schema>>, optional: readonly string[] = []): Schema => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  additionalProperties: false,
});

/** The members of a session: all of them, and no others, or this does not compile. */
const listed = {
  accountId: { ...accountId.schema, description: accountId.description },
  sessionId: { ...sessionId.schema, description: 'The session.' },
  userId: { ...userId.schema, description: 'The user; missing when the session has none.' },
  sqsUrl: { type: 'string', format: 'uri', description: "The URL of the session's queue." },
  identityId: text('The Cognito identity that the keys are issued to. Keep it in the backend.'),
  expires: { type: 'integer', description: 'When the keys stop working, in epoch seconds.' },
} as const satisfies Readonly<Record<keyof ListedSession, Schema>>;

const keys = {
  accessKey: text('The access key id.'),
  secretKey: text('The secret access key.'),
  sessionToken: text('The session token.'),
} as const satisfies Readonly<Record<Exclude<keyof Session, keyof ListedSession>, Schema>>;

const listedExample: ListedSession = {
  ...{ accountId: accountId.example, sessionId: sessionId.example, userId: userId.example },
  sqsUrl: 'https://sqs.eu-west-1.amazonaws.com/111122223333/brws-dev-4f0c8a6e2b9d4c7f',
  identityId: 'eu-west-1:bfb4c749-6a2f-4f6c-9a53-2f9a8f2f4c11',
  expires: 1_490_867_032,
};

const messageId = 'shardId-000000000000:49590338271490256608559692538361571095921575989136588898';

/** An example of each error's message and members. */
const errorExamples = {
  InvalidRequest: {
    message: 'accountId is "x", but must be an integer from -(2^53 - 1) to 2^53 - 1 in plain decimal',
    field: 'accountId',
  },
  AccessDenied: { message: errors.AccessDenied.when },
  SessionNotFound: { message: 'There is no session my-session of account 12345.' },
  NotFound: { message: errors.NotFound.when },
  SessionConflict: { message: errors.SessionConflict.when },
  MessageTooLarge: {
    message: 'The message has 1100000 bytes, but at most 1046528 can be delivered',
    bytes: 1_100_000,
    limit: 1_046_528,
  },
  UnsupportedMediaType: { message: errors.UnsupportedMediaType.when },
  Throttled: { message: errors.Throttled.when },
  UpstreamFailed: { message: errors.UpstreamFailed.when },
  TimedOut: { message: errors.TimedOut.when },
} satisfies Readonly<Record<ErrorName, { readonly message: string } & ErrorMembers>>;

/** The members that an error may have. */
const errorMembers = {
  // A parameter without a name is wrong too.
  field: { type: 'string', description: 'The name of the wrong value; empty for a parameter without a name.' },
  bytes: count('The size of what was refused, in bytes of UTF-8.'),
  limit: count('The largest size that is accepted, in bytes of UTF-8.'),
} as const satisfies Readonly<Record<keyof ErrorMembers, Schema>>;

/** The members of the result of an event. */
const eventResult = {
  status: {
    type: 'string',
    enum: ['sent', 'queued', 'rejected', 'failed'],
    description:
      '`sent`: in the queues of all sessions that it names, or with the dead letters. `queued`: the rest of its sessions gets it after the answer. `rejected`: it is wrong, and would be again. `failed`: publish it again.',
  },
  messageId: text('The id by which browsers know the message, when it is sent or queued.'),
  error: {
    type: 'string',
    enum: ['InvalidRequest', 'MessageTooLarge', 'Throttled', 'TimedOut', 'UpstreamFailed'],
    description: 'Why it was not taken.',
  },
  message: text('The same for people.'),
  ...errorMembers,
} as const satisfies Readonly<Record<keyof EventTaken | keyof EventNotTaken, Schema>>;

interface Answer {
  readonly description: string;
  readonly schema: Schema;
  readonly example: object;
}

/** What the routes answer. */
export const answers: Readonly<Record<AnswerName, Answer>> = {
  Session: {
    description: 'The session with its keys.',
    schema: object({ ...listed, ...keys }, ['userId']),
    example: { ...listedExample, accessKey: 'ASIAIOSFODNN7EXAMPLE', secretKey: '…', sessionToken: '…' },
  },
  SessionPage: {
    description: 'A page of sessions. It may be short, even empty, and yet not be the last.',
    schema: object(
      {
        sessions: {
          type: 'array',
          items: object(listed, ['userId']),
          description: 'The sessions, without their keys.',
        },
        nextToken: text('Asks for the next page; missing on the last one.'),
      },
      ['nextToken'],
    ),
    example: { sessions: [listedExample], nextToken: parameters.nextToken.example },
  },
  Destroyed: {
    description: 'The session is gone.',
    schema: object({ destroyed: { type: 'boolean', const: true, description: 'Always true.' } }),
    example: { destroyed: true },
  },
  Cleanup: {
    description: 'What was removed.',
    schema: object({
      sessionsRemoved: count('Sessions that had ended.'),
      queuesRemoved: count('Queues that no session had.'),
      identitiesRemoved: count('Identities of removed sessions.'),
      complete: { type: 'boolean', description: 'Whether everything was looked at; otherwise call it again.' },
    }),
    example: { sessionsRemoved: 3, queuesRemoved: 1, identitiesRemoved: 3, complete: true },
  },
  Notified: {
    description: 'The message is in the queues, or with the dead letters.',
    schema: object(
      {
        messageId: text('The id by which browsers know the message.'),
        sessions: count('How many sessions it is for.'),
        delivered: count('How many queues had taken it when the answer was made.'),
        continued: {
          type: 'boolean',
          description: 'There when so many sessions get it that the rest follows after the answer.',
        },
      },
      ['continued'],
    ),
    example: { messageId, sessions: 2, delivered: 2 },
  },
  Published: {
    description: 'What became of each event.',
    schema: object({
      notTaken: count('How many events were not taken: rejected or failed.'),
      results: {
        type: 'array',
        items: object(eventResult, ['messageId', 'error', 'message', 'field', 'bytes', 'limit']),
        description: 'A result for each event, in their order.',
      },
    }),
    example: {
      notTaken: 1,
      results: [
        { status: 'sent', messageId: '3085debf-bc3f-4d54-92cc-81ee670aa646-0' },
        {
          status: 'rejected',
          error: 'InvalidRequest',
          ...errorExamples.InvalidRequest,
          field: 'events[1].message.accountId',
        },
      ],
    } satisfies PublishAnswer,
  },
};

/** The schema of an answer that is not a success, and an example of each. */
export const errorSchema = (names: readonly ErrorName[]): Schema => {
  const used = new Set(names.flatMap((name): readonly (keyof ErrorMembers)[] => errors[name].members));
  const own = Object.fromEntries([...used].map((member) => [member, errorMembers[member]]));
  const error: Schema = { type: 'string', enum: names, description: 'The name of the error, for programs.' };
  return object({ error, message: text('What is wrong, for people.'), ...own }, [...used]);
};

export const errorExample = (name: ErrorName): object => ({ error: name, ...errorExamples[name] });

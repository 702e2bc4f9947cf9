/**
 * The parameters of the HTTP API, in the words of JSON Schema: the functions and the backend client check with these bounds, and
 * docs/openapi.yaml shows them.
 */

export interface IntegerSchema {
  readonly type: 'integer';
  readonly minimum: number;
  readonly maximum: number;
}

export interface TextSchema {
  readonly type: 'string';
  /** Unicode code points. */
  readonly minLength: number;
  readonly maxLength?: number;
}

export interface Parameter {
  /** Shown in the API's description. */
  readonly description: string;
  readonly schema: IntegerSchema | TextSchema;
  readonly example: number | string;
}

/**
 * The longest message that is delivered, in bytes of UTF-8. SQS takes 1 MiB with its attributes, which have less than a KiB here.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
export const maxMessageBytes = 1022 * 1024;

const safeInteger = { type: 'integer', minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER } as const;

export const parameters = {
  accountId: {
    description: 'The account. Its sessions can be addressed together.',
    schema: safeInteger,
    example: 12345,
  },
  sessionId: {
    description: 'The session: any text, percent-encoded, but neither `.` nor `..`, which a URL cannot carry.',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
    example: 'my-session',
  },
  userId: {
    description: 'The user. All sessions of a user can be addressed together.',
    schema: safeInteger,
    example: 7,
  },
  MessageRetentionPeriod: {
    description:
      "How long a message waits in this session's queue, in seconds. Default: what the stack is configured with.",
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
    schema: { type: 'integer', minimum: 60, maximum: 1_209_600 },
    example: 3600,
  },
  limit: {
    description: 'How many sessions a page may have. Default 50.',
    schema: { type: 'integer', minimum: 1, maximum: 100 },
    example: 50,
  },
  nextToken: {
    description: 'The `nextToken` of a page: the answer is the page after it.',
    schema: { type: 'string', minLength: 1 },
    example: 'eyJhIjoxMjM0NX0',
  },
} as const satisfies Readonly<Record<string, Parameter>>;

export type ParameterName = keyof typeof parameters;

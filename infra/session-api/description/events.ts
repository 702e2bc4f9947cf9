import { publishLimits, type PublishEvent } from '../../../client/shared/publish.ts';
import type { Schema } from './answers.ts';

/** An event of `POST /publish`. */
export const eventSchema = {
  type: 'object',
  properties: {
    message: {
      type: 'object',
      description:
        'The message, with the members `accountId` and, to narrow it, `sessionId` and `userId`. Pages get it as it is written, to the byte.',
      required: ['accountId'],
      additionalProperties: true,
    },
    idempotencyKey: {
      type: 'string',
      minLength: 1,
      maxLength: publishLimits.keyLength,
      description:
        'An event with the same key and the same message is sent once in five minutes: a repeat is answered as the first. With another message the key is refused.',
    },
  },
  required: ['message'],
  additionalProperties: false,
} as const satisfies Schema;

export const publishSchema: Schema = {
  type: 'object',
  properties: { events: { type: 'array', items: eventSchema, minItems: 1, maxItems: publishLimits.events } },
  required: ['events'],
  additionalProperties: false,
};

export const publishExample: { readonly events: readonly PublishEvent[] } = {
  events: [
    {
      message: { accountId: 12345, userId: 7, type: 'invoice.paid', total: 1299 },
      idempotencyKey: 'invoice-881',
    },
  ],
};

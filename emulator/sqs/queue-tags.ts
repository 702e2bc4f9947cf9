import { invalidParameter } from './errors.ts';

/**
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html
 * Assumed: more than 50 tags, which AWS only advises against, are refused.
 */
const quotas = { tags: 50, keyCharacters: 128, valueCharacters: 256 };

const characters = /^[\p{L}\p{N}\s_.:/=+@-]*$/u;

const isAllowed = (text: string, maxLength: number): boolean =>
  Array.from(text).length <= maxLength && characters.test(text) && !text.startsWith('aws:');

/** @param queue its name, for the message. @throws AwsError InvalidParameterValue */
export const checkTags = (queue: string, tags: ReadonlyMap<string, string>): void => {
  if (tags.size > quotas.tags) throw invalidParameter(`Too many tags added for queue ${queue}.`);
  for (const [key, value] of tags) {
    if (key !== '' && isAllowed(key, quotas.keyCharacters) && isAllowed(value, quotas.valueCharacters)) continue;
    throw invalidParameter(`The tag ${JSON.stringify(key)} has a key or a value that is not allowed.`);
  }
};

import { AwsError } from '../service.ts';

/**
 * The characters that Amazon SQS does not take, which are those that XML 1.0 does not have.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
const forbidden = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

/** @throws AwsError InvalidMessageContents */
export const checkCharacters = (text: string): void => {
  if (!forbidden.test(text)) return;
  const message = 'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | ';
  throw new AwsError('InvalidMessageContents', `${message}#xE000 to #xFFFD | #x10000 to #x10FFFF`);
};

import { hash } from 'node:crypto';
import type { Call, Parameters, Principal } from '../service.ts';
import { checkCharacters } from './characters.ts';
import { invalidParameter, missingParameter } from './errors.ts';
import type { MessageContent } from './message.ts';
import { md5OfAttributes, readMessageAttributes, sizeOfAttributes } from './message-attributes.ts';
import { optionalText } from './parameters.ts';

/** An account's id or, of a role, its id and the session's name. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html */
const senderId = (principal: Principal, accountId: string): string =>
  principal.type === 'role' ? `${principal.roleId}:${principal.sessionName}` : accountId;

const readTraceHeader = (parameters: Parameters): string | undefined => {
  const attributes = readMessageAttributes(parameters, 'MessageSystemAttributes') ?? {};
  const other = Object.keys(attributes).find((name) => name !== 'AWSTraceHeader');
  if (other) throw invalidParameter(`Message system attribute name '${other}' is invalid.`);
  return attributes['AWSTraceHeader']?.StringValue;
};

/** Up to 128 letters, digits and punctuation. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
const readGroupId = (parameters: Parameters): string | undefined => {
  const groupId = optionalText(parameters, 'MessageGroupId');
  if (groupId === undefined || /^[!-~]{1,128}$/.test(groupId)) return groupId;
  throw invalidParameter(`Value ${groupId} for parameter MessageGroupId is invalid.`);
};

/** Reads a message that a caller sends. @throws AwsError InvalidMessageContents, InvalidParameterValue, MissingParameter */
export const readMessageContent = (parameters: Parameters, call: Call, accountId: string): MessageContent => {
  const body = optionalText(parameters, 'MessageBody');
  if (!body) throw missingParameter('MessageBody');
  checkCharacters(body);
  if (parameters['MessageDeduplicationId'] !== undefined) {
    throw invalidParameter('The request includes a parameter that is not valid for this queue type');
  }
  return {
    body,
    bodyMd5: hash('md5', body),
    attributes: readMessageAttributes(parameters, 'MessageAttributes'),
    traceHeader: readTraceHeader(parameters),
    groupId: readGroupId(parameters),
    senderId: senderId(call.principal, accountId),
  };
};

/**
 * Bytes of the body and the attributes; a system attribute does not count (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html).
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
 */
export const sizeOfContent = ({ body, attributes }: MessageContent): number =>
  Buffer.byteLength(body) + sizeOfAttributes(attributes);

/** The digests in the answer to a sender. */
export const digests = ({ bodyMd5, attributes, traceHeader }: MessageContent): Record<string, string> => ({
  MD5OfMessageBody: bodyMd5,
  ...(attributes && { MD5OfMessageAttributes: md5OfAttributes(attributes) }),
  ...(traceHeader && {
    MD5OfMessageSystemAttributes: md5OfAttributes({ AWSTraceHeader: { DataType: 'String', StringValue: traceHeader } }),
  }),
});

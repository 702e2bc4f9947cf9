import { hash } from 'node:crypto';
import type { Call, Parameters, Principal } from '../service.ts';
import { AwsError } from '../service.ts';
import { invalidParameter, missingParameter } from './errors.ts';
import type { MessageContent } from './message.ts';
import { md5OfAttributes, readMessageAttributes, sizeOfAttributes } from './message-attributes.ts';
import { optionalText } from './parameters.ts';

/** What Amazon SQS does not let into a message: everything outside of XML 1.0's characters. */
const forbidden = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

const senderId = (principal: Principal, accountId: string): string =>
  principal.type === 'role' ? `${principal.roleId}:${principal.sessionName}` : accountId;

const readTraceHeader = (parameters: Parameters): string | undefined => {
  const attributes = readMessageAttributes(parameters, 'MessageSystemAttributes') ?? {};
  const other = Object.keys(attributes).find((name) => name !== 'AWSTraceHeader');
  if (other) throw invalidParameter(`Message system attribute name '${other}' is invalid.`);
  return attributes['AWSTraceHeader']?.StringValue;
};

/** Reads what is to be sent. @throws AwsError InvalidMessageContents, InvalidParameterValue, MissingParameter */
export const readMessageContent = (parameters: Parameters, call: Call, accountId: string): MessageContent => {
  const body = optionalText(parameters, 'MessageBody');
  if (!body) throw missingParameter('MessageBody');
  if (forbidden.test(body)) {
    const message = 'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | ';
    throw new AwsError('InvalidMessageContents', `${message}#xE000 to #xFFFD | #x10000 to #x10FFFF`);
  }
  if (parameters['MessageDeduplicationId'] !== undefined) {
    throw invalidParameter('The request includes a parameter that is not valid for this queue type');
  }
  return {
    body,
    bodyMd5: hash('md5', body),
    attributes: readMessageAttributes(parameters, 'MessageAttributes'),
    traceHeader: readTraceHeader(parameters),
    groupId: optionalText(parameters, 'MessageGroupId'),
    senderId: senderId(call.principal, accountId),
  };
};

/** Bytes of the body and the attributes. */
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

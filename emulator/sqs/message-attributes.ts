import { hash } from 'node:crypto';
import type { Parameters } from '../service.ts';
import { checkCharacters } from './characters.ts';
import { invalidParameter } from './errors.ts';
import { optionalObject, optionalText } from './parameters.ts';

interface MessageAttribute {
  /** String, Number or Binary, with a custom label behind a dot if there is one. */
  readonly DataType: string;
  readonly StringValue?: string;
  /** Base64. */
  readonly BinaryValue?: string;
}

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

/**
 * How many attributes, their names and their types: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
 * Assumed: the messages of the errors.
 */
const maxAttributes = 10;
/** Of a name, and of a type with its label. */
const maxNameLength = 256;

const refuse = (name: string, reason: string) => invalidParameter(`The message attribute '${name}' ${reason}.`);

const checkName = (name: string): void => {
  const reserved = /^(aws|amazon)\./i;
  if (!/^[\w-]+(\.[\w-]+)*$/.test(name) || name.length > maxNameLength || reserved.test(name)) {
    throw refuse(name, 'has a name that is not allowed');
  }
};

const readAttribute = (name: string, attribute: Parameters): MessageAttribute => {
  const type = optionalText(attribute, 'DataType') ?? '';
  const text = optionalText(attribute, 'StringValue');
  const binary = optionalText(attribute, 'BinaryValue');
  const [kind = ''] = type.split('.', 1);
  if (!['String', 'Number', 'Binary'].includes(kind) || type.length > maxNameLength)
    throw refuse(name, 'has an invalid message attribute type');
  const value = kind === 'Binary' ? binary : text;
  if (!value) throw refuse(name, `must contain a non-empty value of type '${kind}'`);
  if (kind === 'String') checkCharacters(value);
  if (kind === 'Number' && !/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(value)) {
    throw refuse(name, 'must have a number as its value');
  }
  return kind === 'Binary' ? { DataType: type, BinaryValue: value } : { DataType: type, StringValue: value };
};

/** The attributes in a parameter, undefined when there are none. @throws AwsError InvalidParameterValue, InvalidMessageContents */
export const readMessageAttributes = (parameters: Parameters, member: string): MessageAttributes | undefined => {
  const given = optionalObject(parameters, member) ?? {};
  const names = Object.keys(given);
  if (names.length === 0) return undefined;
  if (names.length > maxAttributes) {
    throw invalidParameter(`Number of message attributes [${names.length}] exceeds the allowed maximum [10].`);
  }
  return Object.fromEntries(
    names.map((name) => {
      checkName(name);
      return [name, readAttribute(name, optionalObject(given, name) ?? {})];
    }),
  );
};

const valueBytes = ({ StringValue, BinaryValue }: MessageAttribute): Buffer =>
  BinaryValue === undefined ? Buffer.from(StringValue ?? '') : Buffer.from(BinaryValue, 'base64');

/** Bytes that count towards the size of the message: names, types and values. */
export const sizeOfAttributes = (attributes: MessageAttributes | undefined): number =>
  Object.entries(attributes ?? {}).reduce(
    (size, [name, attribute]) =>
      size + Buffer.byteLength(name) + Buffer.byteLength(attribute.DataType) + valueBytes(attribute).length,
    0,
  );

const withLength = (bytes: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

/**
 * The digest that the SDKs check: "Calculating the MD5 message digest for message attributes" in
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
 */
export const md5OfAttributes = (attributes: MessageAttributes): string => {
  const parts = Object.entries(attributes)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, attribute]) => [
      withLength(Buffer.from(name)),
      withLength(Buffer.from(attribute.DataType)),
      Buffer.of(attribute.BinaryValue === undefined ? 1 : 2),
      withLength(valueBytes(attribute)),
    ]);
  return hash('md5', Buffer.concat(parts));
};

/** The attributes in MessageAttributeNames of a receive: names, `All`, `.*`, or `prefix.*`; undefined when there are none. */
export const selectAttributes = (
  attributes: MessageAttributes | undefined,
  wanted: readonly string[],
): MessageAttributes | undefined => {
  if (!attributes || wanted.length === 0) return undefined;
  if (wanted.includes('All') || wanted.includes('.*')) return attributes;
  const isWanted = (name: string) =>
    wanted.some((want) => want === name || (want.endsWith('.*') && name.startsWith(want.slice(0, -1))));
  const selected = Object.entries(attributes).filter(([name]) => isWanted(name));
  return selected.length > 0 ? Object.fromEntries(selected) : undefined;
};

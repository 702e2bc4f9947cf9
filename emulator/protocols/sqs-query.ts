/**
 * The form that SQS's query protocol has for the JSON protocol's parameters: lists as `Name.1`, maps as `Name.1.Key` and
 * `Name.1.Value`, both under names of their own.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
 */

import type { Parameters } from '../service.ts';
import { isList, isObject } from '../values.ts';

/** A parsed form: `A.1.B=x` is { A: { 1: { B: 'x' } } }. */
export type Form = string | { readonly [name: string]: Form };

interface MapShape {
  readonly to: string;
  readonly key: string;
  readonly value: string;
}

const attributeMap = (to: string): MapShape => ({ to, key: 'Name', value: 'Value' });

/** By the form's name: the JSON member and how entries name their key and value. */
const maps: ReadonlyMap<string, MapShape> = new Map([
  ['Attribute', attributeMap('Attributes')],
  ['MessageAttribute', attributeMap('MessageAttributes')],
  ['MessageSystemAttribute', attributeMap('MessageSystemAttributes')],
  ['Tag', { to: 'Tags', key: 'Key', value: 'Value' }],
]);

const lists: ReadonlyMap<string, string> = new Map([
  ['AttributeName', 'AttributeNames'],
  ['MessageAttributeName', 'MessageAttributeNames'],
  ['MessageSystemAttributeName', 'MessageSystemAttributeNames'],
  ['TagKey', 'TagKeys'],
  ['SendMessageBatchRequestEntry', 'Entries'],
  ['DeleteMessageBatchRequestEntry', 'Entries'],
  ['ChangeMessageVisibilityBatchRequestEntry', 'Entries'],
]);

const integers = new Set(['DelaySeconds', 'MaxNumberOfMessages', 'MaxResults', 'VisibilityTimeout', 'WaitTimeSeconds']);

const itemsOf = (form: Form): Form[] =>
  typeof form === 'string'
    ? []
    : Object.entries(form)
        .sort(([a], [b]) => Number(a) - Number(b))
        .map(([, item]) => item);

const scalar = (name: string, text: string): unknown =>
  integers.has(name) && /^-?\d+$/.test(text) ? Number(text) : text;

const readMember = (form: Form, name: string): unknown => {
  if (typeof form === 'string') return scalar(name, form);
  return readParameters(form, '');
};

const readMap = (form: Form, { key, value }: MapShape): Record<string, unknown> =>
  Object.fromEntries(
    itemsOf(form).flatMap((item) => {
      if (typeof item === 'string') return [];
      const name = item[key];
      const content = item[value];
      return typeof name === 'string' && content !== undefined ? [[name, readMember(content, '')]] : [];
    }),
  );

const readEntry = (name: string, form: Form, action: string): [string, unknown] => {
  const map = maps.get(name);
  if (map && typeof form !== 'string') {
    return [action === 'CreateQueue' && name === 'Tag' ? 'tags' : map.to, readMap(form, map)];
  }
  const list = lists.get(name);
  return list === undefined
    ? [name, readMember(form, name)]
    : [list, itemsOf(form).map((item) => readMember(item, ''))];
};

/** The JSON protocol's parameters from a form. */
export const readParameters = (form: Form, action: string): Parameters =>
  typeof form === 'string'
    ? {}
    : Object.fromEntries(Object.entries(form).map(([name, value]) => readEntry(name, value, action)));

const asEntries = (map: unknown, key: string, value: string) =>
  Object.entries(isObject(map) ? map : {}).map(([name, content]) => ({ [key]: name, [value]: content }));

/** The query protocol's elements for a member of an answer, as [name, content]. */
const writeMember = (name: string, value: unknown, action: string): [string, unknown] => {
  switch (name) {
    case 'Attributes':
      return ['Attribute', asEntries(value, 'Name', 'Value')];
    case 'MessageAttributes':
      return ['MessageAttribute', asEntries(value, 'Name', 'Value')];
    case 'Tags':
      return ['Tag', asEntries(value, 'Key', 'Value')];
    case 'Messages':
      return [
        'Message',
        (isList(value) ? value : []).map((message) => (isObject(message) ? writeAnswer(message, action) : message)),
      ];
    case 'QueueUrls':
      return ['QueueUrl', value];
    case 'Successful':
      return [`${action}ResultEntry`, value];
    case 'Failed':
      return ['BatchResultErrorEntry', value];
    default:
      return [name, value];
  }
};

/** An answer of the JSON protocol with the query protocol's names. */
export const writeAnswer = (output: object, action: string): object =>
  Object.fromEntries(Object.entries(output).map(([name, value]) => writeMember(name, value, action)));

import type { Action, Call, Parameters } from '../../service.ts';
import { invalidParameter } from '../errors.ts';
import { queueUrl } from '../queue-address.ts';
import type { SqsState } from '../queue-address.ts';
import { optionalInteger, optionalText } from '../parameters.ts';

const maxPageSize = 1000;

const writeToken = (sequence: number) => Buffer.from(`after:${sequence}`).toString('base64');

const readToken = (parameters: Parameters): number => {
  const token = optionalText(parameters, 'NextToken');
  if (token === undefined) return 0;
  const [, sequence] = /^after:(\d{1,15})$/.exec(Buffer.from(token, 'base64').toString()) ?? [];
  if (sequence === undefined) throw invalidParameter('Invalid or expired next token.');
  return Number(sequence);
};

/**
 * There is a NextToken only in answers to requests with MaxResults. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListQueues.html
 * Assumed: the order, which is the one in which the queues were created.
 */
const list = (sqs: SqsState, parameters: Parameters, call: Call) => {
  const maximum = optionalInteger(parameters, 'MaxResults', { from: 1, to: maxPageSize });
  const prefix = optionalText(parameters, 'QueueNamePrefix') ?? '';
  const after = readToken(parameters);
  const urls: string[] = [];
  let last = 0;
  for (const { name, sequence } of sqs.queues.values()) {
    if (sequence <= after || !name.startsWith(prefix)) continue;
    if (urls.length === (maximum ?? maxPageSize)) {
      return { QueueUrls: urls, ...(maximum !== undefined && { NextToken: writeToken(last) }) };
    }
    urls.push(queueUrl(sqs, call, name));
    last = sequence;
  }
  return urls.length > 0 ? { QueueUrls: urls } : {};
};

export const listQueues = (sqs: SqsState): Action => ({
  permissions: () => [{ action: 'sqs:ListQueues', resource: '*' }],
  run: (parameters, call) => list(sqs, parameters, call),
});

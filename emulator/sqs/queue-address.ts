import type { Access } from '../access/index.ts';
import { AwsError } from '../service.ts';
import type { Call, Parameters, Permission } from '../service.ts';
import { optionalText, requiredText } from './parameters.ts';
import type { Queue } from './queue.ts';
import type { Queues } from './queues.ts';

/** The state that the actions share. */
export interface SqsState {
  readonly queues: Queues;
  readonly now: () => number;
  readonly accountId: string;
  readonly region: string;
  readonly access: Pick<Access, 'checkResourcePolicy' | 'readResourcePolicy'>;
}

interface Address {
  readonly accountId: string;
  readonly name: string;
}

/**
 * A queue URL has the account and the name in its path. Only the path counts here, since the emulator has several hosts.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-message-identifiers.html
 */
const readQueueUrl = (url: string): Address | undefined => {
  const [, accountId, name] = /^(?:https?:\/\/[^/]*)?\/?(\d{12})\/([^/?#]+)\/?$/.exec(url) ?? [];
  return accountId !== undefined && name !== undefined ? { accountId, name } : undefined;
};

export const queueArn = ({ region }: SqsState, { accountId, name }: Address): string =>
  `arn:aws:sqs:${region}:${accountId}:${name}`;

export const queueUrl = ({ accountId }: SqsState, { baseUrl }: Call, name: string): string =>
  `${baseUrl}/${accountId}/${name}`;

/** The permission for an action on a queue, which may not exist: then only the caller's own policies can allow it. */
export const permissionOn = (sqs: SqsState, action: string, address: Address): Permission => {
  const policy = address.accountId === sqs.accountId ? sqs.queues.find(address.name)?.attributes.Policy : undefined;
  return {
    action: `sqs:${action}`,
    resource: queueArn(sqs, address),
    resourcePolicy: policy === undefined ? undefined : sqs.access.readResourcePolicy(policy),
  };
};

/** The permission for an action on the queue that the parameter QueueUrl names. */
export const queuePermission =
  (sqs: SqsState, action: string) =>
  (parameters: Parameters): readonly Permission[] => {
    const url = parameters['QueueUrl'];
    const address = typeof url === 'string' ? readQueueUrl(url) : undefined;
    return address ? [permissionOn(sqs, action, address)] : [{ action: `sqs:${action}`, resource: '*' }];
  };

/** The queue that the parameter QueueUrl names. @throws AwsError QueueDoesNotExist, InvalidAddress, MissingParameter */
export const addressedQueue = ({ queues, accountId }: SqsState, parameters: Parameters): Queue => {
  const url = requiredText(parameters, 'QueueUrl');
  const address = readQueueUrl(url);
  if (!address) throw new AwsError('InvalidAddress', `The address ${url} is not valid for this endpoint.`);
  return queues.get(address.accountId === accountId ? address.name : undefined);
};

/** The queue's address by name and, optionally, its owner. */
export const namedAddress = ({ accountId }: SqsState, parameters: Parameters): Address => ({
  accountId: optionalText(parameters, 'QueueOwnerAWSAccountId') ?? accountId,
  name: optionalText(parameters, 'QueueName') ?? '',
});

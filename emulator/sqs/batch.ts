import type { Parameters } from '../service.ts';
import { AwsError } from '../service.ts';
import { objectList, optionalText } from './parameters.ts';

/**
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html has the limits of a batch and of an entry's Id, and the errors. The service model has their messages
 * (@aws-sdk/client-sqs: EmptyBatchRequest, TooManyEntriesInBatchRequest, InvalidBatchEntryId, BatchEntryIdsNotDistinct).
 */
const maxEntries = 10;

/** BatchResultErrorEntry in the service model. A list without entries is left out of the answer. */
export interface BatchAnswer {
  readonly Successful?: readonly object[];
  readonly Failed?: readonly object[];
}

/** The entries of a batch. @throws AwsError for all that makes Amazon SQS refuse a batch as a whole */
export const readEntries = (parameters: Parameters, entryType: string): readonly Parameters[] => {
  const entries = objectList(parameters, 'Entries');
  if (entries.length === 0) {
    throw new AwsError('EmptyBatchRequest', `There should be at least one ${entryType} in the request.`);
  }
  if (entries.length > maxEntries) {
    const message = `Maximum number of entries per request are ${maxEntries}. You have sent ${entries.length}.`;
    throw new AwsError('TooManyEntriesInBatchRequest', message);
  }
  const ids = new Set<string>();
  for (const entry of entries) {
    const id = optionalText(entry, 'Id') ?? '';
    if (!/^[\w-]{1,80}$/.test(id)) {
      const rule = 'A batch entry id can only contain alphanumeric characters, hyphens and underscores.';
      throw new AwsError('InvalidBatchEntryId', `${rule} It can be at most 80 letters long.`);
    }
    if (ids.has(id)) throw new AwsError('BatchEntryIdsNotDistinct', `Id ${id} repeated.`);
    ids.add(id);
  }
  return entries;
};

/** Runs the entries one by one. When one is refused, the others are run all the same. */
export const runEntries = (entries: readonly Parameters[], run: (entry: Parameters) => object): BatchAnswer => {
  const successful: object[] = [];
  const failed: object[] = [];
  for (const entry of entries) {
    try {
      successful.push({ Id: entry['Id'], ...run(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      failed.push({ Id: entry['Id'], SenderFault: true, Code: error.code, Message: error.message });
    }
  }
  return {
    ...(successful.length > 0 && { Successful: successful }),
    ...(failed.length > 0 && { Failed: failed }),
  };
};

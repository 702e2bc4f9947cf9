/** What a failed call means for the poller. */
export type FailureKind =
  | 'keys-refused'
  | 'queue-gone'
  | 'server'
  | 'throttled'
  | 'refused'
  /** There was no answer, or it was not from SQS. */
  | 'network'
  /** This client gave the call up itself, or its clock was wrong and is right now: the next call will do. */
  | 'aborted';

/** What a call of SQS rejects with. */
export class SqsFailure extends Error {
  readonly kind: FailureKind;

  constructor(kind: FailureKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

/**
 * What an answer that is not a success means, by the error's name in SQS's JSON protocol, `com.amazonaws.sqs#QueueDoesNotExist`.
 * SQS throttles with status 403, as the service model has it (@aws-sdk/client-sqs: RequestThrottled and OverLimit). The names of
 * refused credentials are among the common errors, such as InvalidClientTokenId, SignatureDoesNotMatch, AccessDenied and
 * OptInRequired: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html. A 403 without a name
 * is not SQS's.
 */
export const failureKind = (status: number, text: string): FailureKind => {
  const [, name = ''] = /"__type"\s*:\s*"(?:[^"]*#)?([^"]*)"/.exec(text) ?? [];
  if (/NotExist|NonExist/.test(name)) return 'queue-gone';
  if (status === 429 || /Throttl|OverLimit|TooManyRequests|SlowDown/.test(name)) return 'throttled';
  if (status >= 500) return 'server';
  return /Token|Signature|Denied|Security|Credential|Unrecognized|AccessKey|Expired|OptIn/.test(name)
    ? 'keys-refused'
    : 'refused';
};

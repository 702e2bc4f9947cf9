import type { CallHooks, FaultHook } from './calls.ts';
import { AwsError } from './service.ts';

interface Throttle {
  readonly actions: RegExp;
  readonly code: string;
}

/**
 * The error of each service for too many calls, or for a temporary failure, in its model (@aws-sdk/client-*).
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 */
const throttles: Readonly<Record<string, Throttle>> = {
  'cognito-identity': { actions: /./, code: 'TooManyRequestsException' },
  dynamodb: { actions: /Item$|^Query$|^Scan$/, code: 'ThrottlingException' },
  kinesis: { actions: /^Put/, code: 'ProvisionedThroughputExceededException' },
  lambda: { actions: /./, code: 'TooManyRequestsException' },
  sqs: { actions: /./, code: 'RequestThrottled' },
  sts: { actions: /WithWebIdentity$/, code: 'IDPCommunicationError' },
};

/** Refuses every `every`th call of each action, by anybody but the administrator: a caller that tries again gets through. */
export const throttleCalls = (every: number): CallHooks => {
  const counts = new Map<string, number>();
  const before: FaultHook = ({ service, action, principal }) => {
    const throttle = throttles[service];
    if (principal.type === 'administrator' || !throttle?.actions.test(action)) return;
    const call = `${service}:${action}`;
    const count = (counts.get(call) ?? 0) + 1;
    counts.set(call, count);
    if (count % every === 0) throw new AwsError(throttle.code, `${call} is throttled, as it may be at any time`);
  };
  return { hook: (when) => (when === 'before' ? before : () => undefined) };
};

import type { CallHooks, FaultHook } from './calls.ts';
import { AwsError } from './service.ts';

interface Throttle {
  readonly actions: RegExp;
  /** The codes are answered in turn. */
  readonly codes: readonly string[];
}

/** Only ReceiveMessage has OverLimit: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html */
const receiveMessage: Throttle = { actions: /^ReceiveMessage$/, codes: ['RequestThrottled', 'OverLimit'] };

/**
 * The error of each service for too many calls, or for a temporary failure, in its model (@aws-sdk/client-*).
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html
 */
const throttles: Readonly<Record<string, readonly Throttle[]>> = {
  'cognito-identity': [{ actions: /./, codes: ['TooManyRequestsException'] }],
  dynamodb: [{ actions: /Item$|^Query$|^Scan$/, codes: ['ThrottlingException'] }],
  kinesis: [{ actions: /^Put/, codes: ['ProvisionedThroughputExceededException'] }],
  lambda: [{ actions: /./, codes: ['TooManyRequestsException'] }],
  s3: [{ actions: /^(Get|Head|Put|Delete)Object$/, codes: ['SlowDown'] }],
  sqs: [receiveMessage, { actions: /./, codes: ['RequestThrottled'] }],
  sts: [{ actions: /WithWebIdentity$/, codes: ['IDPCommunicationError'] }],
};

/** Refuses every `every`th call of each action, unless it is the administrator's. A caller that tries again succeeds. */
export const throttleCalls = (every: number): CallHooks => {
  const counts = new Map<string, number>();
  const before: FaultHook = ({ service, action, principal }) => {
    if (principal.type === 'administrator') return;
    const { codes = [] } = throttles[service]?.find(({ actions }) => actions.test(action)) ?? {};
    if (codes.length === 0) return;
    const call = `${service}:${action}`;
    const count = (counts.get(call) ?? 0) + 1;
    counts.set(call, count);
    if (count % every !== 0) return;
    const code = codes[(count / every - 1) % codes.length];
    if (code !== undefined) throw new AwsError(code, `${call} is throttled, as it may be at any time`);
  };
  return { hook: (when) => (when === 'before' ? before : () => undefined) };
};

import type { Deployment } from './deployment.ts';
import type { TraceStep } from './trace-steps.ts';

/** The fate of a message. */
export type Fate =
  | 'delivered'
  | 'dead-lettered'
  | 'rejected'
  | 'addressed to nobody'
  | 'its sessions had ended'
  | 'in a failed batch'
  | 'being tried again'
  | 'not sent'
  | 'on the stream'
  | 'unknown';

/** The options by which a command means this deployment; none for the local service, which commands find by themselves. */
const optionsFor = ({
  endpoint,
  stack,
  region,
  service,
  constructs,
}: Pick<Deployment, 'endpoint' | 'stack' | 'region' | 'service' | 'constructs'>): string => {
  const stackOptions = endpoint === undefined ? ` --stack ${stack.name} --region ${region}` : '';
  return constructs.length > 1 ? `${stackOptions} --construct ${service.construct}` : stackOptions;
};

/** What to do next about a message, in sentences with commands. */
export const adviceFor = (
  { messageId, fate, steps }: { readonly messageId: string; readonly fate: Fate; readonly steps: readonly TraceStep[] },
  deployment: Parameters<typeof optionsFor>[0],
): string => {
  const command = (text: string): string => `sqs-browser ${text}${optionsFor(deployment)}`;
  const waits = steps.some(({ where }) => where === 'undelivered');
  const sessions = command('sessions --account <accountId>');
  switch (fate) {
    case 'delivered':
      return `Look whether the browsers have taken it: ${sessions} shows what waits in each queue.`;
    case 'dead-lettered':
      return waits
        ? `When the cause is gone: ${command(`dead-letters redrive --from undelivered --id ${messageId}`)}`
        : `It was discarded, or waits behind the first 1,000 dead letters: ${command(`dead-letters redrive --from undelivered --id ${messageId} --dry-run`)}`;
    case 'rejected':
      return `Correct the producer, and send it again. The record waits for 14 days; this deletes all that are rejected: ${command('dead-letters discard --from rejected')}`;
    case 'addressed to nobody':
      return `It is not kept for sessions that come later. Look which sessions there are (${sessions}), and send it again.`;
    case 'its sessions had ended':
      return `It is not kept for sessions that come later. Look whether there are new ones (${sessions}), and send it again.`;
    case 'in a failed batch':
      return `When the cause is gone: ${command(`dead-letters redrive --from failed-batches --id ${messageId}`)} puts its batch back. Why it failed: ${command('logs --since 1d --function router --grep BATCH_NOT_DONE')}`;
    case 'being tried again':
      return `Wait: within an hour its batch succeeds, or is in the bucket of failed batches. Why it failed: ${command('logs --since 1h --function router --grep BATCH_NOT_DONE')}`;
    case 'not sent':
      return 'Publish it again: the answer of its call said that it was not sent.';
    case 'on the stream':
      return `Wait a few seconds: the router reads the stream about once a second. If it stays there: ${command('stream status')}`;
    case 'unknown':
      return 'Compare the id with the answer of notify or publish. If it is right, try a longer --since: the message is older than that, and than the stream keeps records.';
  }
};

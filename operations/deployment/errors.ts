/** An error that the user can correct. The message says what is wrong, and what to do about it. */
export class DeploymentError extends Error {
  override readonly name = 'DeploymentError';
}

/** The error's code as AWS names it; its class's name otherwise. */
export const codeOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error);

/** Whether SQS does not know the queue: by the code of its JSON protocol, or of its older one. */
export const isQueueGone = (error: unknown): boolean =>
  ['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'].includes(codeOf(error));

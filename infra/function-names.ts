/** Every function there is: its folder under functions/, its construct in PascalCase, its placeholder in the machines. */
export const functionNames = [
  'find-session',
  'make-identity',
  'issue-keys',
  'make-queue',
  'record-session',
  'set-policy',
  'undo-create',
  'record-keys',
  'remove-record',
  'delete-queue',
  'delete-identity',
  'list-sessions',
  'plan-cleanup',
  'sweep-shard',
  'sweep-identities',
  'route-messages',
  'deliver-batch',
  'send-dead-letters',
  'count-deliveries',
  'continue-dispatch',
  'router',
] as const;

export type FunctionName = (typeof functionNames)[number];

/** `make-queue` → `MakeQueue`, the name of the construct and of the placeholder. */
export const pascalCase = (name: string): string =>
  name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

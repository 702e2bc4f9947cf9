/**
 * Members of the browser client's own objects, which get short names in its files. Not here, and a test keeps it so: what users,
 * other tabs, the browser's storage, SQS or the language itself know by its name.
 */
export const ownMembers = [
  ...['accept', 'answer', 'areValid', 'control', 'count', 'delay', 'deliver', 'discard'],
  ...['dispatch', 'dueIn', 'event', 'extend', 'extendIn', 'failures', 'finish', 'goOn'],
  ...['handle', 'handlers', 'hide', 'hold', 'isFull', 'isHandled', 'isLeading', 'isShown'],
  ...['iterate', 'keep', 'kind', 'leave', 'load', 'look', 'lose', 'mayRenew'],
  ...['missedSince', 'onFailure', 'onHandled', 'onHandlers', 'onLead', 'onLost', 'onPage', 'onReceived'],
  ...['onSession', 'onStart', 'onTabMessage', 'options', 'pauseReason', 'plan', 'post', 'postpone'],
  ...['prolong', 'queue', 'receipts', 'receive', 'release', 'removed', 'run', 'settle'],
  ...['silence', 'sqs', 'takeOver', 'term', 'timer', 'wait', 'wake'],
];

/**
 * Members of the browser client's own objects, which get short names in its files. Not here, and a test keeps it so: what users,
 * other tabs, the browser's storage, SQS or the language itself know by its name.
 */
export const ownMembers = [
  ...[
    'accept',
    'answer',
    'areValid',
    'catchUp',
    'caughtUp',
    'closing',
    'control',
    'delay',
    'deleteAll',
    'deleteInTime',
    'deliver',
  ],
  ...['discard', 'dispatch', 'dueIn', 'emit', 'endLoops', 'queueUp', 'enter', 'event'],
  ...['extend', 'extendIn', 'failures', 'finish', 'forget', 'giveUp', 'goOn', 'graceTimer'],
  ...['handle', 'handlerQueue', 'handlers', 'hasJoined', 'hiddenUntil', 'hide', 'hold', 'isCandidate', 'isFull'],
  ...['isLeading', 'isListening', 'isNew', 'isShown', 'iterate', 'keep', 'kind', 'leave'],
  ...['look', 'lose', 'mayRenew', 'missedSince', 'note', 'onFailure', 'onHandled'],
  ...['onHandlers', 'onNetwork', 'onNewerSession', 'onPage', 'onReceived', 'onSession'],
  ...['onStart', 'onTabMessage', 'onTurn', 'options', 'over', 'pauseReason', 'plan', 'poller', 'post'],
  ...['postpone', 'prolong', 'queue', 'receipts', 'receive', 'reconsider', 'regroup', 'release'],
  ...['removed', 'run', 'seen', 'setState', 'settle', 'show', 'silence', 'sqs'],
  ...['tabs', 'takeOver', 'tell', 'term', 'total', 'timer', 'wait', 'wake'],
];

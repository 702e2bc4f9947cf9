import { describeMachine, fails } from './scenarios.ts';

const request = { accountId: '1', sessionId: '2' };
const record = { ...request, queueUrl: 'old', identityId: 'before', version: 1 };
const identity = { identityId: 'identity', nameSeed: 'name', nextNameSeed: 'next' };
const keys = { accessKey: 'key', secretKey: 'secret', sessionToken: 'token', expires: 9 };
const description = { ...request, sqsUrl: 'url', ...keys };
const started = (session: object | null, prepared: object, attempt = 1) => ({
  ...{ request, session, identityGone: false, attempt, identity, prepared },
});
const opening1 = started(null, {});
const refreshing1 = started(record, { queueUrl: 'old' });
const refreshing2 = started(record, { queueUrl: 'old' }, 2);
const conflict = fails('SessionConflict');
const failure = (name: string) => ({ Error: name, Cause: `cause of ${name}` });

const opening = {
  ...{ 'Start Create': opening1, 'Issue Keys': keys, 'Make Queue': { queueUrl: 'new' } },
  'Record Session': description,
};
const refreshing = {
  ...{ 'Start Create': refreshing1, 'Issue Keys To Queue': keys, 'Record Session': description },
  'Set Policy': {},
};

const begun = 'Start Create > Is There A Queue?';
const prepared = `${begun} > Prepare Session [Issue Keys | Make Queue]`;
const keeping = `${begun} > Issue Keys To Queue`;
const opened = `${prepared} > Record Session > Is It A Refresh? > Session Created`;
const refreshed = `${keeping} > Record Session > Is It A Refresh? > Set Policy`;
const created = `${refreshed} > Session Created`;
const failed = 'Undo Create > Start Again? > Err: Session Not Created';
const undone = { request, session: null, identity, failure: 'UpstreamFailed' };

describeMachine('create-session', {
  'opens a session with its own identity, keys and queue': {
    input: request,
    tasks: opening,
    given: {
      'Start Create': { request, state: request },
      'Issue Keys': { session: null, identity },
      'Make Queue': { request, identity },
      'Record Session': { request, session: null, identity, keys, queueUrl: 'new' },
    },
    path: opened,
    output: description,
  },
  'refreshes a session: keeps its queue, and sets its policy when it is recorded': {
    tasks: refreshing,
    given: {
      'Issue Keys To Queue': { session: record, identity },
      'Record Session': { request, session: record, identity, keys, queueUrl: 'old' },
      'Set Policy': { request, nameSeed: 'name' },
    },
    path: created,
    output: description,
  },
  'opens a session with a pair of the pool, and makes no queue': {
    tasks: {
      'Start Create': started(null, { queueUrl: 'pooled' }),
      ...{ 'Issue Keys To Queue': keys, 'Record Session': description },
    },
    given: {
      'Issue Keys To Queue': { session: null, identity },
      'Record Session': { request, session: null, identity, keys, queueUrl: 'pooled' },
    },
    path: `${keeping} > Record Session > Is It A Refresh? > Session Created`,
    output: description,
  },
  'waits for its turn when many sessions ask for keys at once': {
    tasks: { ...opening, 'Issue Keys': [...Array.from({ length: 15 }, () => fails('Throttled')), keys] },
    path:
      `${begun} > Prepare Session [Issue Keys x16 | Make Queue] > ` +
      'Record Session > Is It A Refresh? > Session Created',
    output: description,
  },
  'waits for its turn when many sessions with a queue ask for keys at once': {
    tasks: { ...refreshing, 'Issue Keys To Queue': [...Array.from({ length: 15 }, () => fails('Throttled')), keys] },
    path: `${keeping} x16 > Record Session > Is It A Refresh? > Set Policy > Session Created`,
    output: description,
  },
  'opens a session although every task is throttled': {
    tasks: {
      'Start Create': [fails('Throttled'), fails('Throttled'), fails('Throttled'), fails('Throttled'), opening1],
      'Issue Keys': [fails('UpstreamUnavailable'), keys],
      'Make Queue': [fails('Lambda.ClientExecutionTimeoutException'), { queueUrl: 'new' }],
      'Record Session': [fails('Lambda.ServiceException'), description],
    },
    path:
      'Start Create x5 > Is There A Queue? > Prepare Session [Issue Keys x2 | Make Queue x2] > ' +
      'Record Session x2 > Is It A Refresh? > Session Created',
    output: description,
  },
  'opens a session although every answer is lost once': {
    tasks: {
      'Start Create': [fails('States.Timeout'), opening1],
      'Issue Keys': [fails('Sandbox.Timedout'), keys],
      'Make Queue': [fails('Runtime.ExitError'), { queueUrl: 'new' }],
      'Record Session': [fails('Lambda.Unknown'), description],
    },
    path:
      'Start Create x2 > Is There A Queue? > Prepare Session [Issue Keys x2 | Make Queue x2] > ' +
      'Record Session x2 > Is It A Refresh? > Session Created',
    output: description,
  },
  'refreshes a session although setting the policy is throttled': {
    tasks: { ...refreshing, 'Set Policy': [fails('Throttled'), {}] },
    path: `${refreshed} x2 > Session Created`,
    output: description,
  },
  'refreshes a session although its keys are not issued at once, and the answer with them is lost once': {
    tasks: { ...refreshing, 'Issue Keys To Queue': [fails('UpstreamUnavailable'), fails('Sandbox.Timedout'), keys] },
    path: `${keeping} x3 > Record Session > Is It A Refresh? > Set Policy > Session Created`,
    output: description,
  },
  'starts again when another request recorded the session first': {
    input: request,
    tasks: {
      ...{ ...opening, ...refreshing },
      'Start Create': [opening1, refreshing2],
      'Record Session': [conflict, description],
      'Undo Create': [{}],
    },
    given: {
      'Start Create': {
        request,
        state: { ...opening1, prepared: { keys, queueUrl: 'new' }, failure: failure('SessionConflict') },
      },
      'Undo Create': { ...undone, failure: 'SessionConflict' },
    },
    path: `${prepared} > Record Session > Undo Create > Start Again? > ${created}`,
    output: description,
  },
  'starts again when another refresh has overtaken it': {
    tasks: { ...refreshing, 'Start Create': [refreshing1, refreshing2], 'Set Policy': [conflict, {}] },
    path: `${refreshed} > Start Again? > ${created}`,
    output: description,
  },
  'starts again when the identity of the session has vanished': {
    tasks: {
      ...refreshing,
      'Start Create': [refreshing1, { ...refreshing2, identityGone: true }],
      'Issue Keys To Queue': [conflict, keys],
      'Undo Create': [{}],
    },
    given: { 'Undo Create': { request, session: record, identity, failure: 'SessionConflict' } },
    path: `${keeping} > Undo Create > Start Again? > ${created}`,
    output: description,
  },
  'fails as SessionConflict when the third attempt conflicts too': {
    tasks: {
      ...refreshing,
      'Start Create': [refreshing1, refreshing2, started(record, { queueUrl: 'old' }, 3)],
      'Set Policy': [conflict, conflict, conflict],
    },
    path: `${`${refreshed} > Start Again? > `.repeat(3)}Err: Session Not Created`,
    error: 'SessionConflict',
  },
  'fails when the policy cannot be set, with nothing to undo': {
    tasks: { ...refreshing, 'Set Policy': fails('UpstreamFailed') },
    path: `${refreshed} > Start Again? > Err: Session Not Created`,
    error: 'UpstreamFailed',
  },
  'fails with the first error when undoing fails too': {
    tasks: { ...opening, 'Record Session': fails('Throttled'), 'Undo Create': fails('UpstreamFailed') },
    path: `${prepared} > Record Session x4 > ${failed}`,
    error: 'Throttled',
  },
  'undoes the create although that is throttled and loses an answer': {
    tasks: {
      ...opening,
      'Record Session': fails('UpstreamFailed'),
      'Undo Create': [fails('Throttled'), fails('Lambda.Unknown'), {}],
    },
    path: `${prepared} > Record Session > Undo Create x3 > Start Again? > Err: Session Not Created`,
    error: 'UpstreamFailed',
  },
  'refreshes a session although SQS does not know its new queue yet': {
    tasks: { ...refreshing, 'Set Policy': [...Array<Error>(3).fill(fails('QueueDoesNotExist')), {}] },
    path: `${refreshed} x4 > Session Created`,
    output: description,
  },
  'undoes the create although SQS does not know the new queue yet': {
    tasks: {
      ...opening,
      'Record Session': fails('UpstreamFailed'),
      'Undo Create': [...Array<Error>(3).fill(fails('QueueDoesNotExist')), {}],
    },
    path: `${prepared} > Record Session > Undo Create x4 > Start Again? > Err: Session Not Created`,
    error: 'UpstreamFailed',
  },
  'refreshes a session although setting the policy loses an answer': {
    tasks: { ...refreshing, 'Set Policy': [fails('States.Timeout'), {}] },
    path: `${refreshed} x2 > Session Created`,
    output: description,
  },
  'undoes the create when no keys are issued': {
    tasks: { ...opening, 'Issue Keys': fails('UpstreamFailed'), 'Record Session': [], 'Undo Create': {} },
    given: { 'Undo Create': undone },
    path: `${begun} > Prepare Session [Issue Keys > Err: Keys Not Issued | Make Queue] > ${failed}`,
    error: 'UpstreamFailed',
  },
  'undoes the create when no keys are issued to the queue of a pair': {
    tasks: {
      'Start Create': started(null, { queueUrl: 'pooled' }),
      ...{ 'Issue Keys To Queue': fails('UpstreamFailed'), 'Undo Create': {} },
    },
    given: { 'Undo Create': undone },
    path: `${keeping} > ${failed}`,
    error: 'UpstreamFailed',
  },
  'undoes the create when the queue cannot be made': {
    tasks: { ...opening, 'Make Queue': fails('UpstreamFailed'), 'Record Session': [], 'Undo Create': {} },
    given: { 'Undo Create': undone },
    path: `${begun} > Prepare Session [Issue Keys | Make Queue > Err: Queue Not Made] > ${failed}`,
    error: 'UpstreamFailed',
  },
  'fails when no identity can be made, with nothing to undo': {
    tasks: { 'Start Create': fails('Throttled') },
    path: 'Start Create x5 > Err: Session Not Created',
    error: 'Throttled',
  },
  'refuses a request that is not valid, with nothing to undo': {
    tasks: { 'Start Create': fails('InvalidRequest') },
    path: 'Start Create > Err: Session Not Created',
    error: 'InvalidRequest',
  },
});

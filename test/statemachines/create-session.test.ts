import { describeMachine, fails } from './scenarios.ts';

const request = { accountId: '1', sessionId: '2' };
const record = { ...request, queueUrl: 'old', identityId: 'before', version: 1 };
const identity = { identityId: 'identity', nameSeed: 'name', nextNameSeed: 'next' };
const kept = { ...identity, queueUrl: 'old' };
const keys = { accessKey: 'key', secretKey: 'secret', sessionToken: 'token', expires: 9 };
const description = { ...request, sqsUrl: 'url', ...keys };
const found = (session: object | null, attempt = 1) => ({
  request,
  session,
  description: null,
  identityGone: false,
  attempt,
});
const conflict = fails('SessionConflict');
const failure = (name: string) => ({ Error: name, Cause: `cause of ${name}` });

const either = { 'Make Identity': identity, 'Issue Keys': keys, 'Record Session': description };
const opening = { ...either, 'Find Session': found(null), 'Make Queue': { queueUrl: 'new' } };
const refreshing = { ...either, 'Find Session': found(record), 'Make Identity': kept, 'Set Policy': {} };

const identified = 'Find Session > Make Identity';
const prepared = `${identified} > Prepare Session [Issue Keys | Is There A Queue? > Make Queue]`;
const keeping = `${identified} > Prepare Session [Issue Keys | Is There A Queue? > Keep Queue]`;
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
      'Find Session': { request, state: request, expect: 'any' },
      'Make Identity': { request, session: null, identityGone: false },
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
      'Make Identity': { request, session: record, identityGone: false },
      'Issue Keys': { session: record, identity: kept },
      'Record Session': { request, session: record, identity: kept, keys, queueUrl: 'old' },
      'Set Policy': { request, nameSeed: 'name' },
    },
    path: created,
    output: description,
  },
  'opens a session with a pair of the pool, and makes no queue': {
    tasks: { ...either, 'Find Session': found(null), 'Make Identity': { ...identity, queueUrl: 'pooled' } },
    given: {
      'Issue Keys': { session: null, identity: { ...identity, queueUrl: 'pooled' } },
      'Record Session': {
        ...{ request, session: null, identity: { ...identity, queueUrl: 'pooled' } },
        ...{ keys, queueUrl: 'pooled' },
      },
    },
    path: `${keeping} > Record Session > Is It A Refresh? > Session Created`,
    output: description,
  },
  'waits for its turn when many sessions ask for keys at once': {
    tasks: { ...opening, 'Issue Keys': [...Array.from({ length: 15 }, () => fails('Throttled')), keys] },
    path:
      `${identified} > Prepare Session [Issue Keys x16 | Is There A Queue? > Make Queue] > ` +
      'Record Session > Is It A Refresh? > Session Created',
    output: description,
  },
  'opens a session although every task is throttled': {
    tasks: {
      'Find Session': [fails('Throttled'), found(null)],
      'Make Identity': [fails('Throttled'), fails('Throttled'), fails('Throttled'), fails('Throttled'), identity],
      'Issue Keys': [fails('UpstreamUnavailable'), keys],
      'Make Queue': [fails('Lambda.ClientExecutionTimeoutException'), { queueUrl: 'new' }],
      'Record Session': [fails('Lambda.ServiceException'), description],
    },
    path:
      'Find Session x2 > Make Identity x5 > Prepare Session [Issue Keys x2 | Is There A Queue? > Make Queue x2] > ' +
      'Record Session x2 > Is It A Refresh? > Session Created',
    output: description,
  },
  'opens a session although every answer is lost once': {
    tasks: {
      'Find Session': [fails('States.Timeout'), found(null)],
      'Make Identity': [fails('Lambda.Unknown'), identity],
      'Issue Keys': [fails('Sandbox.Timedout'), keys],
      'Make Queue': [fails('Runtime.ExitError'), { queueUrl: 'new' }],
      'Record Session': [fails('Lambda.Unknown'), description],
    },
    path:
      'Find Session x2 > Make Identity x2 > Prepare Session [Issue Keys x2 | Is There A Queue? > Make Queue x2] > ' +
      'Record Session x2 > Is It A Refresh? > Session Created',
    output: description,
  },
  'refreshes a session although setting the policy is throttled': {
    tasks: { ...refreshing, 'Set Policy': [fails('Throttled'), {}] },
    path: `${refreshed} x2 > Session Created`,
    output: description,
  },
  'starts again when another request recorded the session first': {
    input: request,
    tasks: {
      ...refreshing,
      'Find Session': [found(null), found(record, 2)],
      'Make Identity': [identity, kept],
      'Make Queue': [{ queueUrl: 'new' }],
      'Record Session': [conflict, description],
      'Undo Create': [{}],
    },
    given: {
      'Find Session': {
        request,
        state: { ...found(null), identity, prepared: { keys, queueUrl: 'new' }, failure: failure('SessionConflict') },
        expect: 'any',
      },
      'Undo Create': { ...undone, failure: 'SessionConflict' },
    },
    path: `${prepared} > Record Session > Undo Create > Start Again? > ${created}`,
    output: description,
  },
  'starts again when another refresh has overtaken it': {
    tasks: { ...refreshing, 'Find Session': [found(record), found(record, 2)], 'Set Policy': [conflict, {}] },
    path: `${refreshed} > Start Again? > ${created}`,
    output: description,
  },
  'starts again when the identity of the session has vanished': {
    tasks: {
      ...refreshing,
      'Find Session': [found(record), { ...found(record, 2), identityGone: true }],
      'Issue Keys': [conflict, keys],
      'Undo Create': [{}],
    },
    given: { 'Make Identity': { request, session: record, identityGone: true } },
    path:
      `${identified} > Prepare Session [Issue Keys > Err: Keys Not Issued | Is There A Queue? > Keep Queue] > ` +
      `Undo Create > Start Again? > ${created}`,
    output: description,
  },
  'fails as SessionConflict when the third attempt conflicts too': {
    tasks: {
      ...refreshing,
      'Find Session': [found(record), found(record, 2), found(record, 3)],
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
    path: `${identified} > Prepare Session [Issue Keys > Err: Keys Not Issued | Is There A Queue? > Make Queue] > ${failed}`,
    error: 'UpstreamFailed',
  },
  'undoes the create when the queue cannot be made': {
    tasks: { ...opening, 'Make Queue': fails('UpstreamFailed'), 'Record Session': [], 'Undo Create': {} },
    given: { 'Undo Create': undone },
    path: `${identified} > Prepare Session [Issue Keys | Is There A Queue? > Make Queue > Err: Queue Not Made] > ${failed}`,
    error: 'UpstreamFailed',
  },
  'fails when no identity can be made, with nothing to undo': {
    tasks: { 'Find Session': found(null), 'Make Identity': fails('Throttled') },
    path: 'Find Session > Make Identity x5 > Err: Session Not Created',
    error: 'Throttled',
  },
  'refuses a request that is not valid, with nothing to undo': {
    tasks: { 'Find Session': fails('InvalidRequest') },
    path: 'Find Session > Err: Session Not Created',
    error: 'InvalidRequest',
  },
});

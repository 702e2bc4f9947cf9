import { describeMachine, fails } from './scenarios.ts';

const request = { accountId: '1', sessionId: '2' };
const record = { ...request, queueUrl: 'old', identityId: 'before', version: 1 };
const identity = { identityId: 'identity', sessionName: 'name' };
const keys = { accessKey: 'key', secretKey: 'secret', sessionToken: 'token', expires: 9 };
const description = { ...request, sqsUrl: 'url', ...keys };
const found = (session: object | null, attempt = 1) => ({ request, session, description: null, attempt });
const conflict = fails('SessionConflict');
const failure = (name: string) => ({ Error: name, Cause: `cause of ${name}` });

const either = { 'Make Identity': identity, 'Issue Keys': keys, 'Record Session': description };
const opening = { ...either, 'Find Session': found(null), 'Make Queue': { queueUrl: 'new' } };
const refreshing = { ...either, 'Find Session': found(record), 'Set Policy': {}, 'Undo Create': {} };

const identified = 'Find Session > Make Identity';
const prepared = `${identified} > Prepare Session [Issue Keys | Is There A Queue? > Make Queue]`;
const keeping = `${identified} > Prepare Session [Issue Keys | Is There A Queue? > Keep Queue]`;
const opened = `${prepared} > Record Session > Is It A Refresh? > Session Created`;
const refreshed = `${keeping} > Record Session > Is It A Refresh? > Set Policy`;
const failed = 'Undo Create > Did It Work? > Err: Session Not Created';

describeMachine('create-session', {
  'opens a session with its own identity, keys and queue': {
    input: request,
    tasks: opening,
    given: {
      'Find Session': { request, state: request, expect: 'any' },
      'Make Identity': {},
      'Issue Keys': { session: null, identity },
      'Make Queue': { request, identity },
      'Record Session': { request, session: null, identity, keys, queueUrl: 'new' },
    },
    path: opened,
    output: description,
  },
  'refreshes a session: keeps its queue, then tidies up': {
    tasks: refreshing,
    given: {
      'Issue Keys': { session: record, identity },
      'Record Session': { request, session: record, identity, keys, queueUrl: 'old' },
      'Set Policy': { request },
      'Undo Create': { state: { ...found(record), identity, prepared: { keys, queueUrl: 'old' }, description } },
    },
    path: `${refreshed} > Undo Create > Did It Work? > Session Created`,
    output: description,
  },
  'opens a session although every task is throttled': {
    tasks: {
      'Find Session': [fails('Throttled'), found(null)],
      'Make Identity': [fails('Throttled'), fails('Throttled'), fails('Throttled'), fails('Throttled'), identity],
      'Issue Keys': [fails('UpstreamUnavailable'), keys],
      'Make Queue': [fails('Lambda.TooManyRequestsException'), { queueUrl: 'new' }],
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
      'Make Queue': [fails('States.Timeout'), { queueUrl: 'new' }],
      'Record Session': [fails('Lambda.Unknown'), description],
    },
    path:
      'Find Session x2 > Make Identity x2 > Prepare Session [Issue Keys x2 | Is There A Queue? > Make Queue x2] > ' +
      'Record Session x2 > Is It A Refresh? > Session Created',
    output: description,
  },
  'refreshes a session although policy and tidying are throttled': {
    tasks: { ...refreshing, 'Set Policy': [fails('Throttled'), {}], 'Undo Create': [fails('UpstreamUnavailable'), {}] },
    path: `${refreshed} x2 > Undo Create x2 > Did It Work? > Session Created`,
    output: description,
  },
  'refreshes a session although policy and tidying lose an answer': {
    tasks: { ...refreshing, 'Set Policy': [fails('States.Timeout'), {}], 'Undo Create': [fails('Lambda.Unknown'), {}] },
    path: `${refreshed} x2 > Undo Create x2 > Did It Work? > Session Created`,
    output: description,
  },
  'refreshes a session although nothing could be tidied up': {
    tasks: { ...refreshing, 'Undo Create': fails('UpstreamFailed') },
    path: `${refreshed} > Undo Create > Did It Work? > Session Created`,
    output: description,
  },
  'starts again when another request recorded the session first': {
    input: request,
    tasks: {
      ...refreshing,
      'Find Session': [found(null), found(record, 2)],
      'Make Queue': [{ queueUrl: 'new' }],
      'Record Session': [conflict, description],
      'Undo Create': [{}, {}],
    },
    given: {
      'Find Session': {
        request,
        state: { ...found(null), identity, prepared: { keys, queueUrl: 'new' }, failure: failure('SessionConflict') },
        expect: 'any',
      },
    },
    path: `${prepared} > Record Session > Undo Create > Did It Work? > ${refreshed} > Undo Create > Did It Work? > Session Created`,
    output: description,
  },
  'starts again when tidying up finds that the session changed': {
    tasks: { ...refreshing, 'Find Session': [found(record), found(record, 2)], 'Undo Create': [conflict, {}] },
    path: `${refreshed} > Undo Create > Did It Work? > ${refreshed} > Undo Create > Did It Work? > Session Created`,
    output: description,
  },
  'fails as SessionConflict when the third attempt conflicts too': {
    tasks: {
      ...refreshing,
      'Find Session': [found(record), found(record, 2), found(record, 3)],
      'Set Policy': [conflict, conflict, conflict],
    },
    path: `${`${refreshed} > Undo Create > Did It Work? > `.repeat(3)}Err: Session Not Created`,
    error: 'SessionConflict',
  },
  'fails and tidies up when the policy cannot be set': {
    tasks: { ...refreshing, 'Set Policy': fails('UpstreamFailed') },
    given: {
      'Undo Create': {
        state: {
          ...found(record),
          identity,
          prepared: { keys, queueUrl: 'old' },
          description,
          failure: failure('UpstreamFailed'),
        },
      },
    },
    path: `${refreshed} > ${failed}`,
    error: 'UpstreamFailed',
  },
  'fails with the first error when tidying up fails too': {
    tasks: { ...opening, 'Record Session': fails('Throttled'), 'Undo Create': fails('UpstreamFailed') },
    path: `${prepared} > Record Session x4 > ${failed}`,
    error: 'Throttled',
  },
  'fails and tidies up when no keys are issued': {
    tasks: { ...opening, 'Issue Keys': fails('UpstreamFailed'), 'Record Session': [], 'Undo Create': {} },
    given: { 'Undo Create': { state: { ...found(null), identity, failure: failure('UpstreamFailed') } } },
    path: `${identified} > Prepare Session [Issue Keys > Err: Keys Not Issued | Is There A Queue? > Make Queue] > ${failed}`,
    error: 'UpstreamFailed',
  },
  'fails and tidies up when the queue cannot be made': {
    tasks: { ...opening, 'Make Queue': fails('UpstreamFailed'), 'Record Session': [], 'Undo Create': {} },
    given: { 'Undo Create': { state: { ...found(null), identity, failure: failure('UpstreamFailed') } } },
    path: `${identified} > Prepare Session [Issue Keys | Is There A Queue? > Make Queue > Err: Queue Not Made] > ${failed}`,
    error: 'UpstreamFailed',
  },
  'fails and tidies up when no identity is to be had': {
    tasks: { 'Find Session': found(null), 'Make Identity': fails('Throttled'), 'Undo Create': {} },
    given: { 'Undo Create': { state: { ...found(null), failure: failure('Throttled') } } },
    path: `Find Session > Make Identity x5 > ${failed}`,
    error: 'Throttled',
  },
  'refuses a request that is not valid, with nothing to tidy up': {
    tasks: { 'Find Session': fails('InvalidRequest') },
    path: 'Find Session > Err: Session Not Created',
    error: 'InvalidRequest',
  },
});

import { describeMachine, fails } from './scenarios.ts';

const request = { accountId: '1', sessionId: '2' };
const session = { ...request, queueUrl: 'found', identityId: 'found' };
const found = { request, session, description: null, attempt: 1 };
const removed = { queueUrl: 'removed', identityId: 'removed', createdAt: 1 };
const all = { 'Find Session': found, 'Remove Record': removed, 'Delete Queue': {}, 'Delete Identity': {} };
const destroyed = { destroyed: true };
const failed = 'Err: Session Not Destroyed';

describeMachine('destroy-session', {
  'removes the record, then the queue and identity it named': {
    input: request,
    tasks: all,
    given: {
      'Find Session': { request, state: request, expect: 'present' },
      'Remove Record': { session },
      'Delete Queue': { queueUrl: 'removed', createdAt: 1 },
      'Delete Identity': { identityId: 'removed' },
    },
    path: 'Find Session > Remove Record > Delete What It Had [Delete Queue | Delete Identity] > Session Destroyed',
    output: destroyed,
  },
  'goes on after throttling of every task': {
    tasks: {
      'Find Session': [fails('Throttled'), found],
      'Remove Record': [fails('UpstreamUnavailable'), removed],
      'Delete Queue': [fails('Throttled'), {}],
      'Delete Identity': [fails('Lambda.AWSLambdaException'), {}],
    },
    path: 'Find Session x2 > Remove Record x2 > Delete What It Had [Delete Queue x2 | Delete Identity x2] > Session Destroyed',
    output: destroyed,
  },
  'goes on after a lost answer of every task': {
    tasks: {
      'Find Session': [fails('Lambda.Unknown'), found],
      'Remove Record': [fails('States.Timeout'), removed],
      'Delete Queue': [fails('Sandbox.Timedout'), {}],
      'Delete Identity': [fails('States.Timeout'), {}],
    },
    path: 'Find Session x2 > Remove Record x2 > Delete What It Had [Delete Queue x2 | Delete Identity x2] > Session Destroyed',
    output: destroyed,
  },
  'deletes a queue that SQS does not know yet as soon as it does': {
    tasks: { ...all, 'Delete Queue': [fails('QueueDoesNotExist'), fails('QueueDoesNotExist'), {}] },
    path: 'Find Session > Remove Record > Delete What It Had [Delete Queue x3 | Delete Identity] > Session Destroyed',
    output: destroyed,
  },
  'takes a queue for gone that SQS does not know after three seconds': {
    tasks: { ...all, 'Delete Queue': fails('QueueDoesNotExist') },
    path: 'Find Session > Remove Record > Delete What It Had [Delete Queue x4 > Queue Is Gone | Delete Identity] > Session Destroyed',
    output: destroyed,
  },
  'leaves an identity that cannot be deleted to the cleanup': {
    tasks: { ...all, 'Delete Identity': fails('UpstreamFailed') },
    path: 'Find Session > Remove Record > Delete What It Had [Delete Queue | Delete Identity > Leave Identity] > Session Destroyed',
    output: destroyed,
  },
  'fails as SessionNotFound when there is no session': {
    tasks: { 'Find Session': fails('SessionNotFound') },
    path: `Find Session > ${failed}`,
    error: 'SessionNotFound',
  },
  'deletes nothing when the record cannot be removed': {
    tasks: { 'Find Session': found, 'Remove Record': fails('Throttled') },
    path: `Find Session > Remove Record x4 > ${failed}`,
    error: 'Throttled',
  },
  'fails when the queue cannot be deleted': {
    tasks: { ...all, 'Delete Queue': fails('UpstreamFailed') },
    path: `Find Session > Remove Record > Delete What It Had [Delete Queue > Err: Queue Not Deleted | Delete Identity] > ${failed}`,
    error: 'UpstreamFailed',
  },
});

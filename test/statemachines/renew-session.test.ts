import { describeMachine, fails } from './scenarios.ts';

const request = { accountId: '1', sessionId: '2' };
const session = { ...request, queueUrl: 'url', identityId: 'identity', nameSeed: 'name', version: 1 };
const keys = { accessKey: 'new', secretKey: 'secret', sessionToken: 'token', expires: 9 };
const description = { ...request, sqsUrl: 'url', ...keys };
const found = (attempt: number) => ({ request, session, description: null, identityGone: false, attempt });
const all = { 'Find Session': found(1), 'Issue Keys': keys, 'Set Policy': {}, 'Record Renewal': description };
const conflict = fails('SessionConflict');

const prepared = 'Find Session > Prepare Renewal [Issue Keys | Set Policy]';
const renewed = `${prepared} > Record Renewal > Session Renewed`;
const noKeys = 'Find Session > Prepare Renewal [Issue Keys > Err: Keys Not Issued | Set Policy]';
const noPolicy = 'Find Session > Prepare Renewal [Issue Keys | Set Policy > Err: Policy Not Set]';

describeMachine('renew-session', {
  'answers the session with new keys': {
    input: request,
    tasks: all,
    given: {
      'Find Session': { request, state: request, expect: 'present' },
      'Issue Keys': { session, identity: session },
      'Set Policy': { request, nameSeed: 'name' },
      'Record Renewal': { session, keys },
    },
    path: renewed,
    output: description,
  },
  'goes on after throttling of every task': {
    tasks: {
      'Find Session': [fails('Throttled'), found(1)],
      'Issue Keys': [fails('UpstreamUnavailable'), keys],
      'Set Policy': [fails('Throttled'), {}],
      'Record Renewal': [fails('Lambda.SdkClientException'), description],
    },
    path: 'Find Session x2 > Prepare Renewal [Issue Keys x2 | Set Policy x2] > Record Renewal x2 > Session Renewed',
    output: description,
  },
  'goes on after a lost answer of every task': {
    tasks: {
      'Find Session': [fails('States.Timeout'), found(1)],
      'Issue Keys': [fails('Sandbox.Timedout'), keys],
      'Set Policy': [fails('States.Timeout'), {}],
      'Record Renewal': [fails('Lambda.Unknown'), description],
    },
    path: 'Find Session x2 > Prepare Renewal [Issue Keys x2 | Set Policy x2] > Record Renewal x2 > Session Renewed',
    output: description,
  },
  'goes on as soon as SQS knows the new queue': {
    tasks: { ...all, 'Set Policy': [...Array<Error>(3).fill(fails('QueueDoesNotExist')), {}] },
    path: 'Find Session > Prepare Renewal [Issue Keys | Set Policy x4] > Record Renewal > Session Renewed',
    output: description,
  },
  'starts again when the session changed while keys were recorded': {
    input: request,
    tasks: { ...all, 'Find Session': [found(1), found(2)], 'Record Renewal': [conflict, description] },
    given: {
      'Find Session': {
        request,
        state: { ...found(1), prepared: { keys }, failure: { Error: 'SessionConflict', Cause: conflict.message } },
        expect: 'present',
      },
    },
    path: `${prepared} > Record Renewal > Start Again? > ${renewed}`,
    output: description,
  },
  'fails as SessionConflict when the third attempt conflicts too': {
    tasks: { ...all, 'Find Session': [found(1), found(2), found(3)], 'Record Renewal': [conflict, conflict, conflict] },
    path: `${`${prepared} > Record Renewal > Start Again? > `.repeat(3)}Err: Session Not Renewed`,
    error: 'SessionConflict',
  },
  'fails as SessionNotFound when the session ended meanwhile': {
    tasks: { ...all, 'Find Session': [found(1), fails('SessionNotFound')], 'Record Renewal': conflict },
    path: `${prepared} > Record Renewal > Start Again? > Find Session > Err: Session Not Renewed`,
    error: 'SessionNotFound',
  },
  'starts again when the identity is gone as keys are issued': {
    tasks: { ...all, 'Find Session': [found(1), found(2)], 'Issue Keys': [conflict, keys] },
    path: `${noKeys} > Start Again? > ${renewed}`,
    output: description,
  },
  'fails without starting again when no keys are issued': {
    tasks: { ...all, 'Issue Keys': fails('UpstreamFailed'), 'Record Renewal': [] },
    path: `${noKeys} > Start Again? > Err: Session Not Renewed`,
    error: 'UpstreamFailed',
  },
  'answers and records no keys when its queue may not let them in': {
    tasks: { ...all, 'Set Policy': fails('UpstreamFailed'), 'Record Renewal': [] },
    path: `${noPolicy} > Start Again? > Err: Session Not Renewed`,
    error: 'UpstreamFailed',
  },
  'fails as SessionNotFound when the queue has vanished': {
    tasks: {
      ...all,
      'Find Session': [found(1), fails('SessionNotFound')],
      'Set Policy': conflict,
      'Record Renewal': [],
    },
    path: `${noPolicy} > Start Again? > Find Session > Err: Session Not Renewed`,
    error: 'SessionNotFound',
  },
  'fails without starting again when keys cannot be recorded': {
    tasks: { ...all, 'Record Renewal': fails('Throttled') },
    path: `${prepared} > Record Renewal x4 > Start Again? > Err: Session Not Renewed`,
    error: 'Throttled',
  },
  'fails as SessionNotFound when there is no session': {
    tasks: { 'Find Session': fails('SessionNotFound') },
    path: 'Find Session > Err: Session Not Renewed',
    error: 'SessionNotFound',
  },
});

import { describeMachine, fails } from './scenarios.ts';

const request = { accountId: '1', sessionId: '2' };
const session = { queueUrl: 'url', identityId: 'identity', nameSeed: 'name', expires: 9 };
const listed = { ...request, sqsUrl: 'url', identityId: 'identity', expires: 9 };
const keys = { accessKey: 'key', secretKey: 'secret', sessionToken: 'token', expires: 9 };
const description = { ...listed, ...keys };
const found = (attempt = 1) => ({ request, session, description: listed, identityGone: false, attempt });
const described = 'Find Session > Issue Keys > Describe Session';

describeMachine('session-status', {
  'describes the session with keys for the time that is left, and nothing else': {
    input: request,
    tasks: { 'Find Session': found(), 'Issue Keys': keys },
    given: {
      'Find Session': { request, state: request, expect: 'active' },
      'Issue Keys': { session, identity: session, expires: 9 },
    },
    path: described,
    output: description,
  },
  'describes the session after being throttled three times': {
    tasks: {
      'Find Session': [fails('Throttled'), fails('Throttled'), fails('Lambda.ServiceException'), found()],
      'Issue Keys': [fails('UpstreamUnavailable'), keys],
    },
    path: 'Find Session x4 > Issue Keys x2 > Describe Session',
    output: description,
  },
  'describes the session after lost answers': {
    tasks: { 'Find Session': [fails('Lambda.Unknown'), found()], 'Issue Keys': [fails('Runtime.ExitError'), keys] },
    path: 'Find Session x2 > Issue Keys x2 > Describe Session',
    output: description,
  },
  'fails as Throttled when four attempts are': {
    tasks: { 'Find Session': fails('Throttled') },
    path: 'Find Session x4 > Err: No Status',
    error: 'Throttled',
  },
  'fails as SessionNotFound when there is no active session': {
    tasks: { 'Find Session': fails('SessionNotFound') },
    path: 'Find Session > Err: No Status',
    error: 'SessionNotFound',
  },
  'starts again when the session was destroyed meanwhile': {
    tasks: { 'Find Session': [found(), fails('SessionNotFound')], 'Issue Keys': fails('SessionConflict') },
    path: 'Find Session > Issue Keys > Start Again? > Find Session > Err: No Status',
    error: 'SessionNotFound',
  },
  'fails when no keys are issued': {
    tasks: { 'Find Session': found(), 'Issue Keys': fails('UpstreamFailed') },
    path: 'Find Session > Issue Keys > Start Again? > Err: No Status',
    error: 'UpstreamFailed',
  },
});

import { describeMachine, fails } from './scenarios.ts';

const request = { accountId: '1', sessionId: '2' };
const description = { ...request, sqsUrl: 'url' };
const found = { request, session: { queueUrl: 'url' }, description, attempt: 1 };

describeMachine('session-status', {
  'describes the session and nothing else': {
    input: request,
    tasks: { 'Find Session': found },
    given: { 'Find Session': { request, state: request, expect: 'active' } },
    path: 'Find Session > Session Found',
    output: description,
  },
  'finds the session after being throttled three times': {
    tasks: { 'Find Session': [fails('Throttled'), fails('Throttled'), fails('Lambda.ServiceException'), found] },
    path: 'Find Session x4 > Session Found',
    output: description,
  },
  'finds the session after a lost answer': {
    tasks: { 'Find Session': [fails('Lambda.Unknown'), found] },
    path: 'Find Session x2 > Session Found',
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
});

import { describeMachine, fails } from './scenarios.ts';

const page = { sessions: [{ sessionId: '1' }], nextToken: 'next' };

describeMachine('list-sessions', {
  'answers the page that the task finds': {
    input: { limit: 1 },
    tasks: { 'List Sessions': page },
    given: { 'List Sessions': { request: { limit: 1 } } },
    path: 'List Sessions > Sessions Listed',
    output: page,
  },
  'asks again when throttled, up to four times': {
    tasks: { 'List Sessions': [fails('Throttled'), fails('UpstreamUnavailable'), fails('Throttled'), page] },
    path: 'List Sessions x4 > Sessions Listed',
    output: page,
  },
  'fails as Throttled when four attempts are': {
    tasks: { 'List Sessions': fails('Throttled') },
    path: 'List Sessions x4 > Err: Sessions Not Listed',
    error: 'Throttled',
  },
  'asks once more when the function was killed': {
    tasks: { 'List Sessions': [fails('Sandbox.Timedout'), page] },
    path: 'List Sessions x2 > Sessions Listed',
    output: page,
  },
  'fails as States.Timeout when that happens twice': {
    tasks: { 'List Sessions': fails('States.Timeout') },
    path: 'List Sessions x2 > Err: Sessions Not Listed',
    error: 'States.Timeout',
  },
  'refuses what the task refuses, at once': {
    tasks: { 'List Sessions': fails('InvalidRequest') },
    path: 'List Sessions > Err: Sessions Not Listed',
    error: 'InvalidRequest',
  },
});

import { describeMachine, fails } from './scenarios.ts';

interface Delivering {
  readonly delivery: { readonly queue: string };
}

const messages = [{ messageId: 'm', body: 'hello' }];
const input = { messages };
const deliveries = [{ queue: 'a' }, { queue: 'b' }];
const routed = { messages, deliveries, cursor: 'c' };
const continued = { ...routed, continued: true };
const delivered = { delivered: 1, sessions: 1, gone: 0, undelivered: [] };
const partly = { delivered: 0, sessions: 1, gone: 0, undelivered: [0] };
const deadLettered = { delivered: 0, sessions: 1, gone: 0, undelivered: [], deadLettered: 1 };
const answer = { messageId: 'm', sessions: 2, delivered: 2 };
const done = { next: 'done', answer };
const counted = (next: string) => ({ messages, cursor: 'c', next, answer });
const failure = (name: string) => ({ Error: name, Cause: `cause of ${name}` });

const all = { 'Route Messages': routed, 'Deliver Batch': delivered, 'Count Deliveries': done };
/** The second of the two batches is answered otherwise. */
const secondIs =
  (answered: object) =>
  ({ delivery: { queue } }: Delivering): object =>
    queue === 'b' ? answered : delivered;

const batch = 'Deliver Batch > Is Anything Left? > Batch Delivered';
const page = `Route Messages > Deliver [${batch} | ${batch}] > Count Deliveries`;
const unparked = 'Deliver Batch > Is Anything Left? > Send Dead Letters > Err: Undelivered Not DeadLetter';
const failed = 'Is Anyone Waiting? > Err: Dispatch Failed';
const abandoned = 'Is Anyone Waiting? > Park Messages > Err: Dispatch Failed';

describeMachine('dispatch', {
  'delivers to every session and answers the totals': {
    input,
    tasks: all,
    given: {
      'Route Messages': { dispatch: input },
      'Deliver Batch': { messages, delivery: { queue: 'b' } },
      'Count Deliveries': { dispatch: { ...routed, results: [delivered, delivered] } },
    },
    path: `${page} > More Sessions? > Dispatch Done`,
    output: answer,
  },
  'delivers nothing when nobody is there': {
    input,
    tasks: { 'Route Messages': { messages, deliveries: [] }, 'Count Deliveries': done },
    given: { 'Count Deliveries': { dispatch: { messages, deliveries: [], results: [] } } },
    path: 'Route Messages > Deliver > Count Deliveries > More Sessions? > Dispatch Done',
    output: answer,
  },
  'delivers page after page while there are more sessions': {
    input,
    tasks: { ...all, 'Route Messages': [routed, routed], 'Count Deliveries': [counted('route'), done] },
    given: { 'Route Messages': { dispatch: counted('route') } },
    path: `${page} > More Sessions? > ${page} > More Sessions? > Dispatch Done`,
    output: answer,
  },
  'leaves the rest to a further execution when time is up': {
    input,
    tasks: { ...all, 'Count Deliveries': counted('continue'), 'Continue Dispatch': {} },
    given: {
      'Continue Dispatch': {
        dispatch: counted('continue'),
        stateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:dispatch',
      },
    },
    path: `${page} > More Sessions? > Continue Dispatch > Dispatch Done`,
    output: answer,
  },
  'parks what of a batch was not delivered': {
    input,
    tasks: { ...all, 'Deliver Batch': secondIs(partly), 'Send Dead Letters': deadLettered },
    given: {
      'Send Dead Letters': { state: { messages, delivery: { queue: 'b' }, result: partly } },
      'Count Deliveries': { dispatch: { ...routed, results: [delivered, deadLettered] } },
    },
    path:
      `Route Messages > Deliver [${batch} | Deliver Batch > Is Anything Left? > Send Dead Letters > Batch Delivered] > ` +
      'Count Deliveries > More Sessions? > Dispatch Done',
    output: answer,
  },
  'parks a whole batch whose delivery failed': {
    input,
    tasks: { ...all, 'Deliver Batch': secondIs(fails('UpstreamFailed')), 'Send Dead Letters': deadLettered },
    given: {
      'Send Dead Letters': { state: { messages, delivery: { queue: 'b' }, failure: failure('UpstreamFailed') } },
      'Count Deliveries': { dispatch: { ...routed, results: [delivered, deadLettered] } },
    },
    path:
      `Route Messages > Deliver [${batch} | Deliver Batch > Send Dead Letters > Batch Delivered] > ` +
      'Count Deliveries > More Sessions? > Dispatch Done',
    output: answer,
  },
  ...Object.fromEntries(
    [
      ['throttling', 'Throttled'],
      ['a lost answer', 'Lambda.Unknown'],
    ].map(([what = '', name = '']) => [
      `goes on after ${what} of every task`,
      {
        input,
        tasks: {
          'Route Messages': [fails(name), { messages, deliveries: [{ queue: 'a' }] }],
          'Deliver Batch': [fails(name), partly],
          'Send Dead Letters': [fails(name), deadLettered],
          'Count Deliveries': [fails(name), counted('continue')],
          'Continue Dispatch': [fails(name), {}],
        },
        path:
          'Route Messages x2 > Deliver [Deliver Batch x2 > Is Anything Left? > Send Dead Letters x2 > Batch Delivered] > ' +
          'Count Deliveries x2 > More Sessions? > Continue Dispatch x2 > Dispatch Done',
        output: answer,
      },
    ]),
  ),
  'tells whoever waits that routing failed': {
    input,
    tasks: { 'Route Messages': fails('MessageTooLarge') },
    path: `Route Messages > ${failed}`,
    error: 'MessageTooLarge',
  },
  'tells whoever waits that a batch could not even be deadLettered': {
    input,
    tasks: {
      ...all,
      'Deliver Batch': secondIs(partly),
      'Send Dead Letters': fails('UpstreamFailed'),
      'Count Deliveries': [],
    },
    path: `Route Messages > Deliver [${batch} | ${unparked}] > ${failed}`,
    error: 'UpstreamFailed',
  },
  'tells whoever waits that counting failed': {
    input,
    tasks: { ...all, 'Count Deliveries': fails('Throttled') },
    path: `${page} x4 > ${failed}`,
    error: 'Throttled',
  },
  'tells whoever waits that no further execution was started': {
    input,
    tasks: { ...all, 'Count Deliveries': counted('continue'), 'Continue Dispatch': fails('UpstreamFailed') },
    path: `${page} > More Sessions? > Continue Dispatch > ${failed}`,
    error: 'UpstreamFailed',
  },
  'parks the messages of a continued execution that fails': {
    input: continued,
    tasks: { 'Route Messages': fails('UpstreamFailed'), 'Park Messages': deadLettered },
    given: { 'Park Messages': { state: { messages, failure: failure('UpstreamFailed') } } },
    path: `Route Messages > ${abandoned}`,
    error: 'UpstreamFailed',
  },
  'parks the messages when a batch could not be deadLettered': {
    input: continued,
    tasks: {
      ...all,
      'Route Messages': continued,
      'Deliver Batch': secondIs(partly),
      'Send Dead Letters': fails('UpstreamFailed'),
      'Count Deliveries': [],
      'Park Messages': deadLettered,
    },
    given: { 'Park Messages': { state: { messages, failure: failure('UpstreamFailed') } } },
    path: `Route Messages > Deliver [${batch} | ${unparked}] > ${abandoned}`,
    error: 'UpstreamFailed',
  },
  'parks the messages of a continued execution after throttling': {
    input: continued,
    tasks: { 'Route Messages': fails('UpstreamFailed'), 'Park Messages': [fails('Throttled'), deadLettered] },
    path: `Route Messages > ${abandoned.replace('Messages', 'Messages x2')}`,
    error: 'UpstreamFailed',
  },
  'parks the messages of a continued execution after a lost answer': {
    input: continued,
    tasks: { 'Route Messages': fails('UpstreamFailed'), 'Park Messages': [fails('States.Timeout'), deadLettered] },
    path: `Route Messages > ${abandoned.replace('Messages', 'Messages x2')}`,
    error: 'UpstreamFailed',
  },
  'fails with the error of parking when that fails too': {
    input: continued,
    tasks: { 'Route Messages': fails('UpstreamFailed'), 'Park Messages': fails('SecondFailure') },
    path: `Route Messages > ${abandoned}`,
    error: 'SecondFailure',
  },
});

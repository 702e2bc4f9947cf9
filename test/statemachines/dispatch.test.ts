import { expect } from '@jest/globals';
import { describeMachine, fails } from './scenarios.ts';

interface Delivering {
  readonly delivery: { readonly queue: string };
}

const messages = [{ messageId: 'm', body: 'hello' }];
const input = { messages };
const deliveries = [{ queue: 'a' }, { queue: 'b' }];
const deadline = 5;
const routed = { messages, deliveries, deadline, cursor: 'c' };
const continued = { ...routed, continued: true };
const delivered = { delivered: 1, sessions: 1, gone: 0, undelivered: [] };
const partly = { delivered: 0, sessions: 1, gone: 0, undelivered: [0] };
/** There was no time for all of it. */
const unfinished = { ...partly, rest: { sessions: 1 } };
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

const batch = 'Delivered In Part? > Deliver Batch > Is Anything Left? > Batch Delivered';
const plan = `Route Messages > Anything To Deliver? > Deliver [${batch} | ${batch}] > Count Deliveries`;
const unsent =
  'Delivered In Part? > Deliver Batch > Is Anything Left? > Send Dead Letters > Err: Dead Letters Not Sent';
const failed = 'Is Anyone Waiting? > Err: Dispatch Failed';
const abandoned = 'Is Anyone Waiting? > Send All As Dead Letters > Err: Dispatch Failed';

describeMachine('dispatch', {
  'delivers to every session and answers the totals': {
    input,
    tasks: all,
    given: {
      'Route Messages': { dispatch: input, execution: expect.any(String) },
      'Deliver Batch': { messages, deadline, delivery: { queue: 'b' } },
      'Count Deliveries': { dispatch: { ...routed, results: [delivered, delivered] } },
    },
    path: `${plan} > More Sessions? > Dispatch Done`,
    output: answer,
  },
  'answers when Route Messages has delivered to the few that there are': {
    input,
    tasks: { 'Route Messages': { messages, answer } },
    path: 'Route Messages > Anything To Deliver? > Dispatch Done',
    output: answer,
  },
  'sends what Route Messages could not deliver as dead letters': {
    input,
    tasks: {
      'Route Messages': { messages, deadline, deliveries: [{ result: partly }] },
      'Send Dead Letters': deadLettered,
      'Count Deliveries': done,
    },
    given: {
      'Send Dead Letters': { state: { messages, deadline, delivery: { result: partly } } },
      'Count Deliveries': {
        dispatch: { messages, deadline, deliveries: [{ result: partly }], results: [deadLettered] },
      },
    },
    path:
      'Route Messages > Anything To Deliver? > Deliver [Delivered In Part? > Send Dead Letters > Batch Delivered] > ' +
      'Count Deliveries > More Sessions? > Dispatch Done',
    output: answer,
  },
  'counts nothing for a plan without deliveries': {
    input,
    tasks: { 'Route Messages': { messages, deadline, deliveries: [] }, 'Count Deliveries': done },
    given: { 'Count Deliveries': { dispatch: { messages, deadline, deliveries: [], results: [] } } },
    path: 'Route Messages > Anything To Deliver? > Deliver > Count Deliveries > More Sessions? > Dispatch Done',
    output: answer,
  },
  'goes on with the next plan while there are more sessions': {
    input,
    tasks: { ...all, 'Route Messages': [routed, routed], 'Count Deliveries': [counted('route'), done] },
    given: { 'Route Messages': { dispatch: counted('route'), execution: expect.any(String) } },
    path: `${plan} > More Sessions? > ${plan} > More Sessions? > Dispatch Done`,
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
    path: `${plan} > More Sessions? > Continue Dispatch > Dispatch Done`,
    output: answer,
  },
  'goes on with a batch that has a rest': {
    input,
    tasks: {
      'Route Messages': { messages, deadline, deliveries: [{ queue: 'a' }] },
      'Deliver Batch': [unfinished, partly],
      'Send Dead Letters': deadLettered,
      'Count Deliveries': done,
    },
    given: { 'Deliver Batch': { messages, deadline, delivery: { queue: 'a' }, result: unfinished } },
    path:
      'Route Messages > Anything To Deliver? > Deliver [Delivered In Part? > Deliver Batch > Is Anything Left? > Deliver Batch > Is Anything Left? > Send Dead Letters > Batch Delivered] > ' +
      'Count Deliveries > More Sessions? > Dispatch Done',
    output: answer,
  },
  'sends what a batch did not deliver as dead letters': {
    input,
    tasks: { ...all, 'Deliver Batch': secondIs(partly), 'Send Dead Letters': deadLettered },
    given: {
      'Send Dead Letters': { state: { messages, deadline, delivery: { queue: 'b' }, result: partly } },
      'Count Deliveries': { dispatch: { ...routed, results: [delivered, deadLettered] } },
    },
    path:
      `Route Messages > Anything To Deliver? > Deliver [${batch} | Delivered In Part? > Deliver Batch > Is Anything Left? > Send Dead Letters > Batch Delivered] > ` +
      'Count Deliveries > More Sessions? > Dispatch Done',
    output: answer,
  },
  'sends a whole batch whose delivery failed as dead letters': {
    input,
    tasks: { ...all, 'Deliver Batch': secondIs(fails('UpstreamFailed')), 'Send Dead Letters': deadLettered },
    given: {
      'Send Dead Letters': {
        state: { messages, deadline, delivery: { queue: 'b' }, failure: failure('UpstreamFailed') },
      },
      'Count Deliveries': { dispatch: { ...routed, results: [delivered, deadLettered] } },
    },
    path:
      `Route Messages > Anything To Deliver? > Deliver [${batch} | Delivered In Part? > Deliver Batch > Send Dead Letters > Batch Delivered] > ` +
      'Count Deliveries > More Sessions? > Dispatch Done',
    output: answer,
  },
  ...Object.fromEntries(
    [
      ['throttling', 'Throttled'],
      ['a lost answer', 'Lambda.Unknown'],
      ['a process that ended', 'Runtime.ExitError'],
      ['a call that timed out', 'Lambda.ClientExecutionTimeoutException'],
    ].map(([what = '', name = '']) => [
      `goes on after ${what} of every task`,
      {
        input,
        tasks: {
          'Route Messages': [fails(name), { messages, deadline, deliveries: [{ queue: 'a' }] }],
          'Deliver Batch': [fails(name), partly],
          'Send Dead Letters': [fails(name), deadLettered],
          'Count Deliveries': [fails(name), counted('continue')],
          'Continue Dispatch': [fails(name), {}],
        },
        path:
          'Route Messages x2 > Anything To Deliver? > Deliver [Delivered In Part? > Deliver Batch x2 > Is Anything Left? > Send Dead Letters x2 > Batch Delivered] > ' +
          'Count Deliveries x2 > More Sessions? > Continue Dispatch x2 > Dispatch Done',
        output: answer,
      },
    ]),
  ),
  'fails when routing fails': {
    input,
    tasks: { 'Route Messages': fails('MessageTooLarge') },
    path: `Route Messages > ${failed}`,
    error: 'MessageTooLarge',
  },
  'fails when dead letters could not be sent': {
    input,
    tasks: {
      ...all,
      'Deliver Batch': secondIs(partly),
      'Send Dead Letters': fails('UpstreamFailed'),
      'Count Deliveries': [],
    },
    path: `Route Messages > Anything To Deliver? > Deliver [${batch} | ${unsent}] > ${failed}`,
    error: 'UpstreamFailed',
  },
  'fails when counting fails': {
    input,
    tasks: { ...all, 'Count Deliveries': fails('Throttled') },
    path: `${plan} x4 > ${failed}`,
    error: 'Throttled',
  },
  'fails when no further execution could be started': {
    input,
    tasks: { ...all, 'Count Deliveries': counted('continue'), 'Continue Dispatch': fails('UpstreamFailed') },
    path: `${plan} > More Sessions? > Continue Dispatch > ${failed}`,
    error: 'UpstreamFailed',
  },
  'sends all messages of a continued execution that fails as dead letters': {
    input: continued,
    tasks: { 'Route Messages': fails('UpstreamFailed'), 'Send All As Dead Letters': deadLettered },
    given: { 'Send All As Dead Letters': { state: { messages, failure: failure('UpstreamFailed') } } },
    path: `Route Messages > ${abandoned}`,
    error: 'UpstreamFailed',
  },
  'sends all messages as dead letters when those of a batch could not be sent': {
    input: continued,
    tasks: {
      ...all,
      'Route Messages': continued,
      'Deliver Batch': secondIs(partly),
      'Send Dead Letters': fails('UpstreamFailed'),
      'Count Deliveries': [],
      'Send All As Dead Letters': deadLettered,
    },
    given: { 'Send All As Dead Letters': { state: { messages, failure: failure('UpstreamFailed') } } },
    path: `Route Messages > Anything To Deliver? > Deliver [${batch} | ${unsent}] > ${abandoned}`,
    error: 'UpstreamFailed',
  },
  'sends all messages as dead letters after throttling': {
    input: continued,
    tasks: {
      'Route Messages': fails('UpstreamFailed'),
      'Send All As Dead Letters': [fails('Throttled'), deadLettered],
    },
    path: `Route Messages > ${abandoned.replace('Letters', 'Letters x2')}`,
    error: 'UpstreamFailed',
  },
  'sends all messages as dead letters after a lost answer': {
    input: continued,
    tasks: {
      'Route Messages': fails('UpstreamFailed'),
      'Send All As Dead Letters': [fails('States.Timeout'), deadLettered],
    },
    path: `Route Messages > ${abandoned.replace('Letters', 'Letters x2')}`,
    error: 'UpstreamFailed',
  },
  'fails with the error of the dead letters when those fail too': {
    input: continued,
    tasks: { 'Route Messages': fails('UpstreamFailed'), 'Send All As Dead Letters': fails('SecondFailure') },
    path: `Route Messages > ${abandoned}`,
    error: 'SecondFailure',
  },
});

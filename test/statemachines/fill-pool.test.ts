import { describeMachine, fails } from './scenarios.ts';

const filled = { free: 50, made: 0, removed: 0, again: false };
const used = { free: 20, made: 30, removed: 0, again: true };
const failed = 'Err: Pool Not Filled';

describeMachine('fill-pool', {
  'looks once at a pool that nobody uses': {
    tasks: { 'Fill Pool': filled },
    path: 'Fill Pool > Is The Pool In Use? > Pool Filled',
    output: filled,
  },
  'looks again as long as the pool is used': {
    tasks: { 'Fill Pool': [used, used, filled] },
    path: `${'Fill Pool > Is The Pool In Use? > Let Sessions Take Pairs > '.repeat(2)}Fill Pool > Is The Pool In Use? > Pool Filled`,
    output: filled,
  },
  'goes on after throttling and a lost answer': {
    tasks: { 'Fill Pool': [fails('Throttled'), fails('States.Timeout'), filled] },
    path: 'Fill Pool x3 > Is The Pool In Use? > Pool Filled',
    output: filled,
  },
  'fails when no pair can be made': {
    tasks: { 'Fill Pool': fails('UpstreamFailed') },
    path: `Fill Pool > ${failed}`,
    error: 'UpstreamFailed',
  },
});

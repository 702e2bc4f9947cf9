import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { modelOf } from '../../../bench/aws-model/predictions.ts';
import { perMillionLogged, perMillionRequests, usageOf } from '../../../bench/cost/operation-usage.ts';
import { readResults } from '../../../bench/results.ts';

const model = modelOf(readResults().recording);

const tasksIn = (machine: string): number => {
  const file = join(import.meta.dirname, '..', '..', '..', 'statemachines', `${machine}.asl.json`);
  return (readFileSync(file, 'utf8').match(/"Type": "Task"/g) ?? []).length;
};

describe('a request', () => {
  test.each(['renew', 'destroy'])('of %s runs the functions of its machine, in one execution', (name) => {
    const { executions, functionRuns } = usageOf(model, name);
    expect(executions).toBe(1);
    expect(functionRuns).toBe(tasksIn(`${name}-session`));
  });

  test('costs what it uses, and not less than API Gateway and Step Functions', () => {
    const usage = usageOf(model, 'create');
    expect(perMillionRequests(usage)).toBeGreaterThan(4.5 + 0.2 * usage.functionRuns);
    expect(perMillionRequests(usage)).toBeLessThan(20);
  });

  test('sends, receives and deletes in chunks of 64 KB', () => {
    const usage = usageOf(model, 'notify');
    // A send and a receive of three chunks instead of one.
    expect(perMillionRequests(usage, 190) - perMillionRequests(usage, 1)).toBeCloseTo(4 * 0.4);
  });

  test('that renews writes the record, its copy in one index, and twice in the index that is sorted by the time that changes', () => {
    const usage = usageOf(model, 'renew');
    const without = { ...usage, calls: { ...usage.calls, 'dynamodb:UpdateItem of a record': 0 } };
    expect(perMillionRequests(usage) - perMillionRequests(without)).toBeCloseTo(4 * 0.625);
  });

  test('is logged by its events', () => {
    expect(perMillionLogged({ events: 35 })).toBeCloseTo(8.4, 1);
  });
});

describe('a batch of the stream', () => {
  test('uses the executions that the router waited for, and their functions', () => {
    const { executions, functionRuns, events } = usageOf(model, 'one message to one session');
    expect(executions).toBe(1);
    expect(functionRuns).toBeGreaterThanOrEqual(2);
    expect(events).toBeGreaterThan(5);
  });
});

import { beforeEach, describe, expect, test } from '@jest/globals';
import { InvalidRequest } from '../../../functions/aws/failures.ts';
import { task, type Handle } from '../../../functions/aws/task.ts';
import { LogFake } from '../../fakes/log.ts';

let log: LogFake;

beforeEach(() => {
  log = new LogFake();
});

const secret = 'wJalrXUtnFEMI';
const run = (handle: Handle<unknown>) => task('x', () => handle, log)({ given: 1 });

describe('a task', () => {
  test('answers what its function answers', async () => {
    expect(await run((input, given) => [input, given === log])).toEqual([{ given: 1 }, true]);
    expect(log.lines).toEqual([]);
  });

  test('makes its function once', async () => {
    let made = 0;
    const count = task('x', () => ((made += 1), () => made), log);
    expect([await count({}), await count({})]).toEqual([1, 1]);
  });

  test("fails with an expected failure's name and the answer's body, and logs the name", async () => {
    const failure = new InvalidRequest('userId', 'x', 'an integer');
    await expect(run(() => Promise.reject(failure))).rejects.toMatchObject({
      name: 'InvalidRequest',
      message: '{"error":"InvalidRequest","message":"userId is \\"x\\", but must be an integer","field":"userId"}',
      stack: '',
    });
    expect(log.lines).toEqual([{ level: 'warn', code: 'TASK_REFUSED', fields: { failure: 'InvalidRequest' } }]);
  });

  test('fails without a trace of what broke it', async () => {
    const broken = run(() => {
      throw new TypeError(`cannot read ${secret}`);
    });
    await expect(broken).rejects.toMatchObject({
      name: 'UpstreamFailed',
      message: '{"error":"UpstreamFailed","message":"The service failed"}',
      stack: '',
    });
  });

  test('logs where it broke, not over what', async () => {
    await run(() => {
      throw new TypeError(`line one ${secret}\nline two ${secret}`);
    }).catch(() => undefined);
    expect(log.lines).toMatchObject([{ level: 'error', code: 'TASK_BROKEN', fields: { failure: 'TypeError' } }]);
    expect(JSON.stringify(log.lines)).toContain('task.test.ts');
    expect(JSON.stringify(log.lines)).not.toContain(secret);
  });

  test('fails in the same way for what is no error', async () => {
    const broken = {
      then: (_: unknown, refuse: (reason: string) => void) => {
        refuse(secret);
      },
    };
    await expect(run(() => broken as never)).rejects.toMatchObject({ name: 'UpstreamFailed' });
    expect(log.lines).toEqual([{ level: 'error', code: 'TASK_BROKEN', fields: { failure: 'string' } }]);
  });
});

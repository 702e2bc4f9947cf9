import { beforeEach, describe, expect, test } from '@jest/globals';
import { InvalidRequest } from '../../../functions/aws/errors.ts';
import { task, type Handle, type Host } from '../../../functions/aws/task.ts';
import { FakeLog } from '../../tools/log.ts';

let log: FakeLog;
let host: Host;

beforeEach(() => {
  log = new FakeLog();
  host = { log, now: () => 5, delay: () => Promise.resolve(), random: () => 0 };
});

const invocation = { getRemainingTimeInMillis: () => 1000 };

const secret = 'wJalrXUtnFEMI';
const run = (handle: Handle<unknown>) => task('x', [], () => handle, host)({ given: 1 }, invocation);

describe('a task', () => {
  test('answers what its function answers', async () => {
    expect(await run((input, given) => [input, given])).toEqual([{ given: 1 }, invocation]);
    expect(log.lines).toEqual([]);
  });

  test('makes its function once, before it is called, with the host and its environment', async () => {
    const made: unknown[] = [];
    const count = task('x', [], (tools) => (made.push(tools), () => made.length), host);
    expect(made).toEqual([{ ...host, environment: {} }]);
    expect([await count({}, invocation), await count({}, invocation)]).toEqual([1, 1]);
  });

  test('names all that its environment lacks when it is called', async () => {
    const lacking = task('x', ['queuePrefix', 'keyHours'], () => () => 1, host);
    await expect(lacking({}, invocation)).rejects.toThrow('Environment variables are missing: QUEUE_PREFIX, KEY_HOURS');
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

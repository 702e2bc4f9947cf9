import { afterEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { MovableClock } from '../../clock.ts';
import type { FunctionError } from '../../lambda/function-error.ts';
import { createFunctions } from '../../lambda/functions.ts';
import type { Functions } from '../../lambda/functions.ts';

const membersSchema = z.record(z.string(), z.unknown());
const environmentSchema = z.record(z.string(), z.string());

const hour = 3_600_000;
const arn = 'arn:aws:lambda:us-east-1:000000000000:function:echo';
const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Runs one function whose module is `code`. */
const run = async (code: string, { timeoutSeconds = 5, memoryMegabytes = 128, clock = new MovableClock() } = {}) => {
  const codeFolder = await mkdtemp(join(tmpdir(), 'function-'));
  await writeFile(join(codeFolder, 'index.mjs'), code);
  let keysIssued = 0;
  const functions = createFunctions({
    definitions: [
      {
        construct: 'Echo',
        name: 'echo',
        arn,
        roleArn: 'arn:aws:iam::000000000000:role/echo',
        codeFolder,
        handler: 'index.handler',
        environment: { GREETING: 'hello' },
        timeoutSeconds,
        memoryMegabytes,
      },
    ],
    clock,
    region: 'us-east-1',
    endpoint: 'http://127.0.0.1:1',
    exitError: () => 'Lambda.Unknown',
    issueCredentials: ({ name }) => ({
      accessKeyId: `${name}-${++keysIssued}`,
      secretAccessKey: 'secret',
      sessionToken: 'token',
      expires: clock.now() + 12 * hour,
    }),
  });
  cleanups.push(
    () => rm(codeFolder, { recursive: true }),
    () => functions.stop(),
  );
  return functions;
};

const invoke = async (functions: Functions, event: unknown = {}): Promise<unknown> =>
  JSON.parse(await functions.invoke('echo', JSON.stringify(event)));

const failure = async (functions: Functions, event: unknown = {}): Promise<Record<string, unknown>> => {
  const error = (await invoke(functions, event).then(
    () => ({ payload: '"the function succeeded"' }),
    (thrown: unknown) => thrown,
  )) as FunctionError;
  return membersSchema.parse(JSON.parse(error.payload));
};

describe('a function', () => {
  test('gets its event and answers its result', async () => {
    const functions = await run('export const handler = async (event) => ({ got: event });');
    expect(await invoke(functions, { text: 'ü "quoted" \u{1f600}' })).toEqual({
      got: { text: 'ü "quoted" \u{1f600}' },
    });
  });

  test('is found by its ARN too', async () => {
    const functions = await run('export const handler = async () => 1;');
    expect(await functions.invoke(arn, '{}')).toBe('1');
  });

  test('answers null when it returns nothing', async () => {
    const functions = await run('export const handler = async () => {};');
    expect(await functions.invoke('echo', '{}')).toBe('null');
  });

  test('sees the environment of the template and of Lambda, nothing of the machine', async () => {
    const functions = await run('export const handler = async () => process.env;');
    const environment = environmentSchema.parse(await invoke(functions));
    expect(environment).toMatchObject({
      GREETING: 'hello',
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      AWS_LAMBDA_FUNCTION_NAME: 'echo',
      AWS_ACCESS_KEY_ID: 'echo-1',
    });
    expect(environment).not.toHaveProperty('HOME');
  });

  test('gets the context Lambda gives', async () => {
    const functions = await run(
      'export const handler = async (event, context) => ({ ...context, left: context.getRemainingTimeInMillis() });',
    );
    const context = membersSchema.parse(await invoke(functions));
    expect(context).toMatchObject({ functionName: 'echo', invokedFunctionArn: arn, memoryLimitInMB: '128' });
    expect(context['awsRequestId']).toMatch(/^[0-9a-f-]{36}$/);
    expect(context['left']).toBeGreaterThan(4_000);
    expect(context['left']).toBeLessThanOrEqual(5_000);
  });

  test('takes many events at once in one thread', async () => {
    const functions = await run(`
      let waiting = [];
      export const handler = (event) => new Promise((resolve) => {
        waiting.push(resolve);
        if (waiting.length === 20) waiting.forEach((answer, index) => answer(index));
      });`);
    const answers = await Promise.all(Array.from({ length: 20 }, () => invoke(functions)));
    expect(answers).toEqual(Array.from({ length: 20 }, (_, index) => index));
  });

  test('prints into the logs, line by line', async () => {
    const functions = await run(
      'export const handler = async () => { console.log("one\\ntwo"); console.error("three"); };',
    );
    const three = Promise.withResolvers<undefined>();
    functions.logs.on(() => {
      if (functions.logs.lines.length === 3) three.resolve(undefined);
    });
    await invoke(functions);
    await three.promise;
    expect(functions.logs.lines).toEqual(
      expect.arrayContaining([
        { function: 'Echo', stream: 'stdout', text: 'one' },
        { function: 'Echo', stream: 'stdout', text: 'two' },
        { function: 'Echo', stream: 'stderr', text: 'three' },
      ]),
    );
  });
});

describe('a function that fails', () => {
  test('is reported with name, message and trace', async () => {
    const functions = await run(
      'export const handler = async () => { throw Object.assign(new Error("no"), { name: "Refused" }); };',
    );
    const error = await failure(functions);
    expect(error).toMatchObject({ errorType: 'Refused', errorMessage: 'no' });
    expect(error['trace']).toEqual(expect.arrayContaining([expect.stringContaining('index.mjs')]));
  });

  test('has its error in the log as the Node.js runtime of Lambda prints it', async () => {
    const functions = await run(
      'export const handler = async () => { throw Object.assign(new Error("no"), { name: "Refused", field: "a" }); };',
    );
    const printed = Promise.withResolvers<string>();
    functions.logs.on(({ text }) => {
      printed.resolve(text);
    });
    await failure(functions);
    expect(await printed.promise).toMatch(
      /^\S+Z\t\S+\tERROR\tInvoke Error \t\{"errorType":"Refused","errorMessage":"no","name":"Refused","field":"a","stack":\[/,
    );
  });

  test('is reported as Sandbox.Timedout when it takes too long', async () => {
    const functions = await run('export const handler = () => new Promise(() => {});', { timeoutSeconds: 0.05 });
    expect(await failure(functions)).toEqual({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(/^RequestId: \S+ Error: Task timed out after 0\.05 seconds$/),
    });
  });

  test('takes no time while the clock stands', async () => {
    const clock = new MovableClock({ standsAt: Date.parse('2026-01-01T00:00:00Z') });
    const functions = await run(
      `export const handler = async (event, context) => {
        if (event.left) return context.getRemainingTimeInMillis();
        console.log('waits');
        return new Promise(() => {});
      };`,
      { clock, timeoutSeconds: 5 },
    );
    expect(await invoke(functions, { left: true })).toBe(5_000);
    const waits = Promise.withResolvers<undefined>();
    functions.logs.on(() => {
      waits.resolve(undefined);
    });
    const failed = failure(functions);
    await waits.promise;
    clock.advance(5_000);
    expect(await failed).toMatchObject({ errorType: 'Sandbox.Timedout' });
  });

  test('is reported as Lambda.Unknown when its process ends, and starts anew', async () => {
    const functions = await run('export const handler = async (event) => event.die ? process.exit(3) : "alive";');
    expect(await failure(functions, { die: true })).toMatchObject({ errorType: 'Lambda.Unknown' });
    expect(await invoke(functions)).toBe('alive');
  });

  test('is reported as Lambda.Unknown when it uses more memory than it has', async () => {
    const functions = await run(
      'export const handler = async () => { const all = []; for (;;) all.push(new Array(1e5).fill(0.5)); };',
      { memoryMegabytes: 16 },
    );
    expect(await failure(functions)).toMatchObject({ errorType: 'Lambda.Unknown' });
  });

  test('is stopped when it never gives its thread back', async () => {
    const functions = await run('export const handler = async (event) => { while (event.spin); return "alive"; };', {
      timeoutSeconds: 0.5,
    });
    expect(await failure(functions, { spin: true })).toMatchObject({ errorType: 'Sandbox.Timedout' });
    let answer: unknown;
    while (answer !== 'alive') answer = await invoke(functions).catch(() => undefined);
    expect(answer).toBe('alive');
  });

  test('says which export is missing', async () => {
    const functions = await run('export const other = 1;');
    expect(await failure(functions)).toMatchObject({ errorType: 'Runtime.HandlerNotFound' });
  });
});

describe('the clock of a function', () => {
  const times = `export const handler = async () => [
    Date.now(), new Date().getTime(), Date.parse(Date()), new Date(5).getTime(), new Date() instanceof Date,
    Date.UTC(1970, 0, 1), new Date(2020, 1).getMonth()];`;

  test('is the clock of the emulator, moved or not', async () => {
    const clock = new MovableClock();
    const functions = await run(times, { clock });
    for (const moved of [0, 30 * hour]) {
      clock.advance(moved);
      const before = clock.now();
      const [now, date, text, fixed, ...rest] = (await invoke(functions)) as number[];
      expect(now).toBeGreaterThanOrEqual(before);
      expect(now).toBeLessThanOrEqual(clock.now());
      expect(date).toBeGreaterThanOrEqual(before);
      expect(text).toBeGreaterThan(before - 2_000);
      expect([fixed, ...rest]).toEqual([5, true, 0, 1]);
    }
  });

  test('brings new keys before the old ones expire', async () => {
    const clock = new MovableClock();
    const functions = await run('export const handler = async () => process.env.AWS_ACCESS_KEY_ID;', { clock });
    expect(await invoke(functions)).toBe('echo-1');
    clock.advance(10 * hour);
    expect(await invoke(functions)).toBe('echo-1');
    clock.advance(1.5 * hour);
    expect(await invoke(functions)).toBe('echo-2');
  });
});

test('a folder without the module is refused by name', () => {
  const definition = {
    construct: 'Echo',
    name: 'echo',
    arn,
    roleArn: '',
    codeFolder: '/nowhere',
    handler: 'index.handler',
    environment: {},
    timeoutSeconds: 3,
    memoryMegabytes: 128,
  };
  const context = {
    clock: new MovableClock(),
    region: '',
    endpoint: '',
    exitError: () => 'Lambda.Unknown',
    issueCredentials: () => {
      throw new Error('no keys are needed');
    },
  };
  expect(() => createFunctions({ definitions: [definition], ...context })).toThrow('Echo: there is no module');
});

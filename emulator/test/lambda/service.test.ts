import { expect, test } from '@jest/globals';
import { FunctionError } from '../../lambda/function-error.ts';
import { createLambda } from '../../lambda/service.ts';

const call = { principal: { type: 'administrator' as const }, signal: new AbortController().signal, baseUrl: '' };

const invoke = async (run: (payload: string) => string, payload: string): Promise<object> => {
  const { Invoke: action } = createLambda((_, given) => Promise.resolve(run(given)), []).actions;
  if (!action) throw new Error('Lambda has no Invoke');
  return action.run({ FunctionName: 'arn', Payload: payload }, call);
};

const large = 6_291_456;

test('an event may have 6 MB, and no more', async () => {
  expect(await invoke(() => '1', 'x'.repeat(large))).toEqual({ StatusCode: 200, Payload: '1' });
  await expect(invoke(() => '1', 'x'.repeat(large + 1))).rejects.toMatchObject({
    code: 'RequestEntityTooLargeException',
    message: 'Request must be smaller than 6291456 bytes for the InvokeFunction operation',
  });
});

test('an answer that is too large is an error of the function', async () => {
  expect(await invoke(() => 'x'.repeat(large + 100), '1')).not.toHaveProperty('FunctionError');
  expect(await invoke(() => 'x'.repeat(large + 101), '1')).toMatchObject({
    FunctionError: 'Unhandled',
    Payload: expect.stringContaining('Function.ResponseSizeTooLarge'),
  });
});

test('a function that fails is answered with its error', async () => {
  const run = (): string => {
    throw new FunctionError('Error', '{"errorType":"Error"}');
  };
  expect(await invoke(run, '1')).toEqual({
    StatusCode: 200,
    FunctionError: 'Unhandled',
    Payload: '{"errorType":"Error"}',
  });
});

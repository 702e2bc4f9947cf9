import { describe, expect, test } from '@jest/globals';
import { renderAnswer } from './render.ts';

const failed = (error: string, message = 'sessionId must be a text of 1 to 255 characters'): object => ({
  status: 'FAILED',
  error,
  cause: JSON.stringify({ errorType: error, errorMessage: message, trace: [] }),
});

describe('an execution that succeeded', () => {
  test.each([
    '{"destroyed":true}',
    '{"sessionId":"\\"@@$util#set","secretKey":"a/b+c"}',
    '{"sessionId":"日本😀\\ud83d"}',
    '{"id":12345678901234567890}',
  ])('is answered with its output as it stands: %s', (output) => {
    expect(renderAnswer({ status: 'SUCCEEDED', output })).toEqual({
      status: 200,
      headers: {},
      body: JSON.parse(output) as unknown,
    });
  });
});

describe('an execution that failed', () => {
  test.each([
    ['InvalidRequest', 400, 'InvalidRequest'],
    ['SessionNotFound', 404, 'SessionNotFound'],
    ['SessionConflict', 409, 'SessionConflict'],
    ['MessageTooLarge', 413, 'MessageTooLarge'],
    ['Throttled', 429, 'Throttled'],
    ['UpstreamUnavailable', 502, 'UpstreamFailed'],
    ['UpstreamFailed', 502, 'UpstreamFailed'],
  ])('with %s is answered with %i %s and its message', (error, status, name) => {
    expect(renderAnswer(failed(error, 'What was wrong.'))).toMatchObject({
      status,
      body: { error: name, message: 'What was wrong.' },
    });
  });

  test.each([
    ['TypeError', 502, 'UpstreamFailed'],
    ['Error', 502, 'UpstreamFailed'],
    ['Lambda.Unknown', 502, 'UpstreamFailed'],
    ['Lambda.AWSLambdaException', 502, 'UpstreamFailed'],
    ['States.Emulator', 502, 'UpstreamFailed'],
    ['States.DataLimitExceeded', 502, 'UpstreamFailed'],
    ['Lambda.TooManyRequestsException', 429, 'Throttled'],
    ['States.Timeout', 504, 'TimedOut'],
    ['Sandbox.Timedout', 504, 'TimedOut'],
  ])('with %s is answered with %i %s and a message of ours', (error, status, name) => {
    const secret = 'arn:aws:iam::000000000000:role/x is not authorized\n    at handler.mjs:1';
    const answer = renderAnswer(failed(error, secret));
    expect(answer).toMatchObject({ status, body: { error: name } });
    expect(JSON.stringify(answer)).not.toMatch(/arn:|handler/);
  });

  test('without a cause is answered all the same', () => {
    expect(renderAnswer({ status: 'FAILED', error: 'States.Emulator' })).toMatchObject({ status: 502 });
    expect(renderAnswer({ status: 'FAILED' })).toMatchObject({ status: 502, body: { error: 'UpstreamFailed' } });
  });

  test.each(['"', "it's", '\\', '$util', '#set($x=1)', '@@', '\n', '日本😀', '\ud83d', '","error":"Other'])(
    'keeps the message %j',
    (message) => {
      expect(renderAnswer(failed('InvalidRequest', message)).body).toEqual({ error: 'InvalidRequest', message });
    },
  );
});

describe('an execution that timed out', () => {
  test('is answered with 504', () => {
    expect(renderAnswer({ status: 'TIMED_OUT' })).toMatchObject({ status: 504, body: { error: 'TimedOut' } });
    expect(renderAnswer({ status: 'TIMED_OUT', error: 'States.Timeout' })).toMatchObject({ status: 504 });
  });
});

describe('a refusal to start', () => {
  test.each([
    ['com.amazon.coral.validate#ValidationException', 413, 'MessageTooLarge'],
    ['ValidationException', 413, 'MessageTooLarge'],
    ['com.amazonaws.swf.service.v2.model#InvalidExecutionInput', 413, 'MessageTooLarge'],
    ['ThrottlingException', 429, 'Throttled'],
    ['com.amazon.coral.service#ThrottlingException', 429, 'Throttled'],
    ['AccessDeniedException', 502, 'UpstreamFailed'],
    ['StateMachineDoesNotExist', 502, 'UpstreamFailed'],
    ['InternalServerError', 502, 'UpstreamFailed'],
  ])('with %s is answered with %i %s', (__type, status, error) => {
    const answer = renderAnswer({ __type, message: 'arn:aws:states:us-east-1:000000000000:stateMachine:x' });
    expect(answer).toMatchObject({ status, body: { error } });
    expect(JSON.stringify(answer)).not.toContain('arn:');
  });

  test('for the size names the limit', () => {
    expect(JSON.stringify(renderAnswer({ __type: 'ValidationException' }).body)).toContain('262144');
  });
});

describe('Retry-After', () => {
  test('comes with 429', () => {
    expect(renderAnswer(failed('Throttled')).headers).toEqual({ 'Retry-After': '1' });
    expect(renderAnswer({ __type: 'ThrottlingException' }).headers).toEqual({ 'Retry-After': '1' });
  });

  test('comes with nothing else', () => {
    expect(renderAnswer(failed('UpstreamFailed')).headers).toEqual({});
    expect(renderAnswer({ status: 'SUCCEEDED', output: '{}' }).headers).toEqual({});
  });
});

describe('Access-Control-Allow-Origin', () => {
  const origins = ['https://a.example', 'http://localhost:3000'];
  const allowed = (origin: string | undefined, given: readonly string[] = origins): string | undefined =>
    renderAnswer(
      { status: 'SUCCEEDED', output: '{}' },
      { origins: given, header: origin === undefined ? {} : { origin } },
    ).headers['Access-Control-Allow-Origin'];

  test.each(origins)('is %s for a page of it', (origin) => {
    expect(allowed(origin)).toBe(origin);
  });

  test.each(['https://b.example', 'https://a.example.evil', 'null', '', undefined])('is absent for %s', (origin) => {
    expect(allowed(origin)).toBeUndefined();
  });

  test('is absent when no origin is allowed', () => {
    expect(allowed('https://a.example', [])).toBeUndefined();
  });
});

import { describe, expect, test } from '@jest/globals';
import { errors, type ErrorName } from '../../../../client/shared/errors.ts';
import {
  InvalidRequest,
  MessageTooLarge,
  ReportedFailure,
  RequestTooLarge,
  SessionConflict,
  SessionNotFound,
  Throttled,
  UpstreamFailed,
  QueueDoesNotExist,
  UpstreamUnavailable,
  type Failure,
} from '../../../../functions/aws/errors.ts';
import { renderAnswer, renderFunctionAnswer } from './render.ts';

/** An execution that failed because a function did, as Lambda and Step Functions report it. */
const failed = (error: string, errorMessage: string, trace = ['']) => ({
  status: 'FAILED',
  error,
  cause: JSON.stringify({ errorType: error, errorMessage, trace }),
});

/** One whose function failed with a failure of ours. */
const refused = (failure: Failure): object => {
  const { name, message } = new ReportedFailure(failure);
  return failed(name, message);
};

describe('an execution that succeeded', () => {
  test.each([
    '{"destroyed":true}',
    '{"sessionId":"\\"@@$util#set","secretKey":"a/b+c"}',
    '{"sessionId":"日本😀\\ud83d"}',
    '{"id":12345678901234567890}',
  ])('is answered with its output as it stands: %s', (output) => {
    const body: unknown = JSON.parse(output);
    expect(renderAnswer({ status: 'SUCCEEDED', output })).toEqual({ status: 200, headers: {}, body });
  });
});

describe('an execution that failed', () => {
  test.each([
    [new InvalidRequest('accountId', 'x', 'an integer'), 400],
    [new SessionNotFound(5, 'a'), 404],
    [new SessionConflict(), 409],
    [new MessageTooLarge(300_000, 204_800), 413],
    [new Throttled('sqs:CreateQueue was throttled'), 429],
    [new UpstreamUnavailable('sqs:CreateQueue did not answer: ECONNRESET'), 502],
    [new UpstreamFailed('sqs:CreateQueue was refused: AccessDenied'), 502],
    [new QueueDoesNotExist('sqs:SetQueueAttributes'), 502],
  ])('with %s is answered with its members and %i', (failure, status) => {
    expect(renderAnswer(refused(failure))).toMatchObject({ status, body: failure.answer });
  });

  test.each([
    ['TypeError', 502, 'UpstreamFailed'],
    ['Error', 502, 'UpstreamFailed'],
    ['Lambda.Unknown', 502, 'UpstreamFailed'],
    ['Lambda.AWSLambdaException', 502, 'UpstreamFailed'],
    ['States.Runtime', 502, 'UpstreamFailed'],
    ['States.DataLimitExceeded', 502, 'UpstreamFailed'],
    ['Lambda.TooManyRequestsException', 429, 'Throttled'],
    ['States.Timeout', 504, 'TimedOut'],
    ['Sandbox.Timedout', 504, 'TimedOut'],
  ])('with %s is answered with %i %s and a message of ours', (error, status, name) => {
    for (const secret of ['arn:aws:iam::1:role/x\n    at handler.mjs:1', '{"error":"x","message":"arn:aws"}']) {
      const answer = renderAnswer(failed(error, secret));
      expect(answer).toMatchObject({ status, body: { error: name, message: errors[name as ErrorName].when } });
    }
  });

  test.each(Object.entries(errors))(
    'with %s and no cause is answered with the status and the sentence of the table',
    (error, { status, when }) => {
      expect(renderAnswer({ status: 'FAILED', error })).toMatchObject({ status, body: { error, message: when } });
    },
  );

  test.each([
    undefined,
    null,
    '',
    ' ',
    'null',
    'true',
    '7',
    7,
    '"text"',
    'no JSON',
    '[]',
    '[{"errorMessage":"x"}]',
    '{}',
    '{',
    '{}}',
    '{"errorMessage":7}',
    '{"errorMessage":null}',
    '{"errorMessage":{"error":"InvalidRequest"}}',
    '{"errorMessage":""}',
    '{"errorMessage":"no JSON"}',
    '{"errorMessage":"null"}',
    '{"errorMessage":"{}"}',
    '{"errorMessage":"{\\"error\\":\\"InvalidRequest\\","}',
    '{"errorMessage":"{\\"error\\":\\"Invalid',
    '{"errorMessage":"\\q"}',
    '{"errorMessage":"\\u12"}',
    '{"errorMessage":"a\nb"}',
    '{"errorMessage":"a",}',
    '{"errorType":"InvalidRequest","trace":[""]}',
    '{"errorMessage":"arn:aws:x","errorType":"InvalidRequest","stackTrace":["at x"]}',
    '$util.escapeJavaScript("x")',
    '#set($code = 200)',
  ])('with the cause %j is answered with the sentence of the table', (cause) => {
    expect(renderAnswer({ status: 'FAILED', error: 'InvalidRequest', cause })).toEqual({
      status: 400,
      headers: {},
      body: { error: 'InvalidRequest', message: errors.InvalidRequest.when },
    });
  });

  test.each([40_000, 400_000])(
    'with %i characters that were cut off is answered with the sentence of the table',
    (length) => {
      const { cause } = failed('InvalidRequest', '"\\'.repeat(length / 2));
      for (const cut of [cause, cause.slice(0, length)]) {
        const { body } = renderAnswer({ status: 'FAILED', error: 'InvalidRequest', cause: cut });
        expect(body).toEqual({ error: 'InvalidRequest', message: errors.InvalidRequest.when });
      }
    },
  );

  test('without a name is answered with 502', () => {
    expect(renderAnswer({ status: 'FAILED' })).toMatchObject({ status: 502, body: { error: 'UpstreamFailed' } });
  });

  test.each(['"', "it's", '\\', '$util', '#set($x=1)', '@@', '\n', '日本😀', '\ud83d', '","error":"Other'])(
    'keeps the value %j in its message',
    (value) => {
      const failure = new InvalidRequest(value, value, value);
      expect(renderAnswer(refused(failure)).body).toEqual(failure.answer);
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
    expect(renderAnswer({ __type: 'ValidationException' }).body).toMatchObject({ limit: 262144 });
  });
});

describe('Retry-After', () => {
  test('comes with 429', () => {
    expect(renderAnswer(refused(new Throttled('x'))).headers).toEqual({ 'Retry-After': '1' });
    expect(renderAnswer({ __type: 'ThrottlingException' }).headers).toEqual({ 'Retry-After': '1' });
  });

  test('comes with nothing else', () => {
    expect(renderAnswer(refused(new UpstreamFailed('x'))).headers).toEqual({});
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

describe('a function that is run by the API', () => {
  test.each([{ notTaken: 0, results: [{ status: 'sent', messageId: 'a-0' }] }, { text: `it's "\\u2028 $x #end` }, []])(
    'is answered with its result as it is: %j',
    (result) => {
      expect(renderFunctionAnswer(result)).toEqual({ status: 200, headers: {}, body: result });
    },
  );

  test.each([
    [new InvalidRequest('events', 'x', 'an array'), 400],
    [new RequestTooLarge(6_000_000), 413],
    [new Throttled('dynamodb:PutItem was throttled'), 429],
    [new UpstreamUnavailable('dynamodb:PutItem did not answer: ECONNRESET'), 502],
    [new UpstreamFailed('The service failed'), 502],
  ])('and fails with %s is answered with its members and %i', (failure, status) => {
    const { name: errorType, message: errorMessage } = new ReportedFailure(failure);
    const answer = renderFunctionAnswer({ errorType, errorMessage, trace: [''] });
    expect(answer).toMatchObject({ status, body: failure.answer });
  });

  test.each([
    [
      { errorType: 'Sandbox.Timedout', errorMessage: 'RequestId: 1 Error: Task timed out after 28.00 seconds' },
      504,
      'TimedOut',
    ],
    [{ errorMessage: '2026-11-27T10:00:00Z 1 Task timed out after 28.00 seconds' }, 502, 'UpstreamFailed'],
    [{ errorType: 'Runtime.ExitError', errorMessage: 'RequestId: 1 Error: Runtime exited' }, 502, 'UpstreamFailed'],
    [{ errorType: 'TypeError', errorMessage: 'arn:aws:x is not a function', trace: ['at x'] }, 502, 'UpstreamFailed'],
    [{ errorType: 'TypeError' }, 502, 'UpstreamFailed'],
  ])('and ends with %j is answered with %i %s and a message of ours', (json, status, error) => {
    const { when } = errors[error as ErrorName];
    expect(renderFunctionAnswer(json)).toMatchObject({ status, body: { error, message: when } });
  });

  test('is answered with the origin of a page that may read it', () => {
    const page = { origins: ['https://a.example'], header: { origin: 'https://a.example' } };
    expect(renderFunctionAnswer({}, page).headers).toEqual({ 'Access-Control-Allow-Origin': 'https://a.example' });
  });
});

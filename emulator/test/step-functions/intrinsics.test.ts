import { describe, expect, test } from '@jest/globals';
import { runStateMachine } from '../../step-functions/run-state-machine.ts';

/** What a Pass makes of its input with this intrinsic function, or its error and cause. */
const resultOf = async (call: string, input: object): Promise<unknown> => {
  const definition = { StartAt: 'One', States: { One: { Type: 'Pass', Parameters: { 'it.$': call }, End: true } } };
  const { status, output, error, cause } = await runStateMachine({
    name: 'machine',
    definition,
    input,
    task: () => Promise.resolve(null),
  });
  return status === 'SUCCEEDED' ? output : `${error}: ${cause}`;
};

// Examples of https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html
describe('an intrinsic function gives', () => {
  test.each<[call: string, result: unknown]>([
    ['States.Array(1, $.a, null)', [1, [1, 2, 3, 1], null]],
    ['States.ArrayPartition($.a, 3)', [[1, 2, 3], [1]]],
    ['States.ArrayContains($.a, 3)', true],
    ['States.ArrayRange(1, 9, 2)', [1, 3, 5, 7, 9]],
    ['States.ArrayGetItem($.a, 2)', 3],
    ['States.ArrayLength($.a)', 4],
    ['States.ArrayUnique($.a)', [1, 2, 3]],
    ["States.Base64Encode('Data to encode')", 'RGF0YSB0byBlbmNvZGU='],
    ["States.Base64Decode('RGF0YSB0byBlbmNvZGU=')", 'Data to encode'],
    ["States.Hash('input data', 'SHA-1')", 'aaff4a450a104cd177d28d18d74485e8cae074b7'],
    ['States.JsonMerge($.x, $.y, false)', { a: { a3: 1 }, b: 2 }],
    ['States.JsonToString($.x)', '{"a":{"a1":1},"b":2}'],
    ["States.StringToJson('[1]')", [1]],
    ['States.MathAdd(111, -1)', 110],
    ["States.StringSplit('1,2+3', ',+')", ['1', '2', '3']],
    ["States.Format('Hello, {} \\{\\}\\'s {}.', $.name, 7)", "Hello, A{}B {}'s 7."],
    ["States.ArrayGetItem(States.StringSplit('a.b', '.'), 1)", 'b'],
  ])('%s', async (call, result) => {
    const input = { a: [1, 2, 3, 1], x: { a: { a1: 1 }, b: 2 }, y: { a: { a3: 1 } }, name: 'A{}B' };
    expect(await resultOf(call, input)).toEqual({ it: result });
  });

  test.each([
    "States.StringToJson('{')",
    'States.ArrayRange(1, 5000, 1)',
    'States.ArrayLength(1)',
    'States.MathRandom(1, 2, 3)',
    'States.Base64Encode($.long)',
    'States.Base64Decode($.long)',
    "States.Hash($.long, 'MD5')",
  ])('States.IntrinsicFailure for %s', async (call) => {
    expect(await resultOf(call, { long: 'x'.repeat(10_001) })).toMatch(/^States\.IntrinsicFailure: States\./);
  });
});

import { describe, expect, test } from '@jest/globals';
import { rewordDefinition, statesOf } from '../../step-functions/definition.ts';
import type { Json } from '../../step-functions/definition.ts';

const machine = (state: Readonly<Record<string, Json>>): Json => ({
  StartAt: 'One',
  States: { One: state, Two: { Type: 'Succeed' } },
});
const task = { Type: 'Task', Resource: 'arn:aws:lambda:us-east-1:000000000000:function:f', Next: 'Two' };
const reword = (state: Readonly<Record<string, Json>>): unknown =>
  rewordDefinition('machine', machine(state))['States'];

describe('a definition is reworded where the library would run it differently', () => {
  test('a ResultPath of $ is left out', () => {
    const recovered = {
      ...task,
      ResultPath: '$',
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$', Next: 'Two' }],
    };
    expect(reword(recovered)).toMatchObject({ One: { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Two' }] } });
    expect(JSON.stringify(reword(recovered))).not.toContain('ResultPath');
  });

  test.each(['IsPresent', 'IsNull', 'IsString', 'IsNumeric', 'IsBoolean'])('%s false becomes a Not', (name) => {
    const rule = (value: boolean) => ({ And: [{ Variable: '$.a', [name]: value }], Next: 'Two' });
    expect(reword({ Type: 'Choice', Choices: [rule(false), rule(true)] })).toMatchObject({
      One: { Choices: [{ And: [{ Not: { Variable: '$.a', [name]: true } }], Next: 'Two' }, rule(true)] },
    });
  });

  test('the execution and the machine of the context object keep their values everywhere', () => {
    const parameters = { 'a.$': '$$.Execution.Input.x', deep: [{ 'b.$': '$$.StateMachine.Id' }] };
    expect(reword({ ...task, Parameters: parameters })).toMatchObject({
      One: { Parameters: { 'a.$': '$$.Run.Execution.Input.x', deep: [{ 'b.$': '$$.Run.StateMachine.Id' }] } },
    });
  });

  test('the item of a Map is left as it is in its ItemSelector', () => {
    const map = {
      Type: 'Map',
      ItemSelector: { 'item.$': '$$.Map.Item.Value' },
      ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' }, StartAt: 'In', States: { In: { Type: 'Succeed' } } },
      End: true,
    };
    expect(reword(map)).toMatchObject({ One: { ItemSelector: { 'item.$': '$$.Map.Item.Value' } } });
  });
});

describe('a definition is refused, naming the state,', () => {
  test.each<[string, Readonly<Record<string, Json>>, string]>([
    ['for an unknown type', { Type: 'Wait', Seconds: 1 }, 'State "One": the type "Wait" is not supported'],
    ['for JSONata', { ...task, Arguments: {} }, 'State "One": Arguments is not supported'],
    ['for a heartbeat', { ...task, HeartbeatSeconds: 1 }, 'State "One": HeartbeatSeconds is not supported'],
    ['for an intrinsic function', { ...task, Parameters: { 'a.$': 'States.Format(1)' } }, 'States.Format(1) is not'],
    ['for a path to several values', { ...task, InputPath: '$.a[*]' }, 'the path $.a[*] is not supported'],
    ['for a filter', { ...task, OutputPath: '$.a[?(@.b)]' }, 'the path $.a[?(@.b)] is not supported'],
    ['for the token of a task', { ...task, Parameters: { 'a.$': '$$.Task.Token' } }, '$$.Task.Token of the context'],
    ['for the item of a Map elsewhere', { ...task, Parameters: { 'a.$': '$$.Map.Item.Value' } }, '$$.Map.Item.Value'],
    ['for a state that is not there', { ...task, Next: 'Three' }, 'there is no state "Three"'],
    ['for a catcher to nowhere', { ...task, Catch: [{ ErrorEquals: ['A'], Next: 'Four' }] }, 'no state "Four"'],
    [
      'for a timestamp comparison',
      { Type: 'Choice', Choices: [{ Variable: '$.a', TimestampEquals: 'x' }] },
      'TimestampEquals',
    ],
    [
      'for a rule with two comparisons',
      { Type: 'Choice', Choices: [{ Variable: '$.a', IsNull: true, IsPresent: true }] },
      'one comparison',
    ],
    [
      'for a distributed Map',
      { Type: 'Map', ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED' } } },
      'only Mode INLINE',
    ],
    ['for an empty Result', { Type: 'Pass', Result: 0, End: true }, 'an empty Result'],
  ])('%s', (_reason, state, message) => {
    expect(() => reword(state)).toThrow(message);
  });

  test('for JSONata as a whole', () => {
    const jsonata = { ...(machine(task) as object), QueryLanguage: 'JSONata' };
    expect(() => rewordDefinition('machine', jsonata)).toThrow('machine: only JSONPath is supported');
  });
});

test('all states are found, inside Parallel and Map too', () => {
  const inner = (name: string) => ({ StartAt: name, States: { [name]: { Type: 'Succeed' } } });
  const parallel = { Type: 'Parallel', Branches: [inner('A'), inner('B')], Next: 'M' };
  const map = { Type: 'Map', ItemProcessor: inner('C'), End: true };
  const reworded = rewordDefinition('machine', { StartAt: 'P', States: { P: parallel, M: map } });
  expect([...statesOf(reworded).keys()].sort()).toEqual(['A', 'B', 'C', 'M', 'P']);
});

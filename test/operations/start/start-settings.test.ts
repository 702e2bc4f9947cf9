import { expect, test } from '@jest/globals';
import { explainStartError } from '../../../operations/start/start-settings.ts';

test('a stack with what the emulator does not have gets one sentence', () => {
  const error = new Error('A template with several AWS::ApiGateway::RestApi is not supported');
  expect(explainStartError(error, 4000)).toBe(
    'This stack cannot run on this machine: A template with several AWS::ApiGateway::RestApi is not supported. What can is in emulator/docs/services.md.',
  );
});

test('what nobody foresaw is left to be thrown', () => {
  expect(explainStartError(new Error('a defect'), 4000)).toBeUndefined();
});

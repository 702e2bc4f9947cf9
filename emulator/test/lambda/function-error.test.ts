import { expect, test } from '@jest/globals';
import { exitErrors } from '../../lambda/function-error.ts';

const three = (worstCase: boolean): readonly string[] => Array.from({ length: 3 }, exitErrors(worstCase));

test('a process that ends is Lambda.Unknown', () => {
  expect(three(false)).toEqual(['Lambda.Unknown', 'Lambda.Unknown', 'Lambda.Unknown']);
});

test('in the worst case it is Runtime.ExitError, and each third time Lambda.Unknown', () => {
  expect(three(true)).toEqual(['Runtime.ExitError', 'Runtime.ExitError', 'Lambda.Unknown']);
});

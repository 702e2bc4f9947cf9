import { expect, test } from '@jest/globals';
import { missedList, summary } from '../../bench/judged.ts';

const judged = [
  { name: 'create', isMet: false, reason: 'It waits' },
  { name: 'renew', isMet: true, reason: 'It waits' },
  { name: 'destroy', isMet: false, reason: 'It waits' },
  { name: 'a message', isMet: false, reason: 'It is far' },
];

test('aims that are missed for the same reason share a line', () => {
  expect(missedList(judged)).toBe('- **create**, **destroy**: It waits.\n- **a message**: It is far.');
});

test('the summary counts the aims and names those that are missed', () => {
  expect(summary(judged)).toBe('Of 4 aims 1 are met. Missed: create; destroy; a message.');
  expect(summary(judged.filter(({ isMet }) => isMet))).toBe('Of 1 aims 1 are met.');
});

import { expect, test } from '@jest/globals';
import { comparisonPart } from '../../bench/comparison.ts';

const figures = [
  { name: 'create', value: 2, unit: 'ms', aim: '<= 1.6' },
  { name: 'saturated', value: 3000, unit: 'messages/s', aim: '> 5000' },
  { name: 'largest state', value: 10, unit: 'KiB', aim: '<= 200' },
  { name: 'new', value: 10, unit: 'ms', aim: '<= 20' },
];

const machineOf = (cpu: string) => ({ cpu, cores: 2, memoryGiB: 4, node: 'v24' });

const results = {
  machine: machineOf('this one'),
  measured: '2026-11-27T10:00:00Z',
  figures,
  counted: [],
  recording: { functions: {}, operations: {} },
};

const here = {
  commit: 'abc1234',
  machine: machineOf('this one'),
  measured: '2026-11-27T09:50:00Z',
  figures: [
    { name: 'create', value: 6 },
    { name: 'saturated', value: 2000 },
    { name: 'largest state', value: 50 },
  ],
};

const there = {
  ...here,
  machine: machineOf('another'),
  figures: [
    { name: 'create', value: 4 },
    { name: 'saturated', value: 4000 },
  ],
};

test('without a commit there is nothing to compare', () => {
  expect(comparisonPart(results)).toBe('');
});

test('a commit without results of its own is compared on this machine', () => {
  const text = comparisonPart({ ...results, before: here });
  expect(text).toContain('Beside commit `abc1234`, measured on the same machine just before');
  expect(text).toContain('| create | 6 ms | 2 ms | 3.0 × |');
  expect(text).toContain('| saturated | 2,000 messages/s | 3,000 messages/s | 1.5 × |');
});

test('an aim that was set on another machine counts by the factor that it asked for there', () => {
  const text = comparisonPart({ ...results, before: { ...here, committed: there } });
  expect(text).toContain('| create | 4 | 6 | 2 ms | 3.0 × | 2.5 × |');
  expect(text).toContain('| saturated | 4,000 | 2,000 | 3,000 messages/s | 1.5 × | 1.3 × |');
});

test('what depends on no machine is not compared', () => {
  expect(comparisonPart({ ...results, before: here })).not.toContain('largest state');
});

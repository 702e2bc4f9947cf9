import { describe, expect, test } from '@jest/globals';
import { CpuShare } from '../../../bench/aws-model/cpu-share.ts';

describe('the CPU of a function', () => {
  test('is a whole one with 1,769 MB', () => {
    expect(new CpuShare(1769, 0).run(3, 50)).toBeCloseTo(53);
  });

  test('is a share of each period of 20 ms with less memory', () => {
    // A quarter: 5 ms of each 20, so the 12th millisecond is the second of the third period.
    expect(new CpuShare(1769 / 4, 0).run(0, 12)).toBeCloseTo(42);
  });

  test('starts anywhere in a period', () => {
    expect(new CpuShare(1769 / 4, 0.9).run(0, 4)).toBeCloseTo(4);
  });

  test('does one piece of work after the other', () => {
    const cpu = new CpuShare(1769, 0);
    expect(cpu.run(0, 10)).toBeCloseTo(10);
    expect(cpu.run(5, 10)).toBeCloseTo(20);
  });
});

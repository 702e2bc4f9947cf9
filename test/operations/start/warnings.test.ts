import { expect, test } from '@jest/globals';
import { EventEmitter, once } from 'node:events';
import { createWarnings } from '../../../operations/start/warnings.ts';

test('the first warning of a kind is printed, and those that follow are summed up', async () => {
  const lines: string[] = [];
  const printed = new EventEmitter();
  const warnings = createWarnings((line) => {
    lines.push(line);
    printed.emit('line', line);
  });
  const rejected = (id: number) => `{"level":"WARN","message":"RECORD_REJECTED","recordId":"${id}"}`;
  for (let id = 0; id < 2_000; id += 1) warnings.add('Router', rejected(id));
  warnings.add('', 'something else');
  expect(lines).toEqual([`Router: ${rejected(0)}`, 'something else']);
  await once(printed, 'line');
  expect(lines.at(-1)).toBe('Router: RECORD_REJECTED, 1999 more');
  warnings.stop();
});

/** `publish` on a stage without a stream. */
import { expect, test } from '@jest/globals';
import { startAnnounced } from '../command-line.ts';

const { run } = await startAnnounced({ context: { streamMode: 'NONE' } });

test('publish sends its lines through the API where there is no stream, and trace knows them', async () => {
  await run(['create', '1', 'abc']);
  const input = ['{"accountId":1,"n":1}', '{"accountId":1,"n":12345678901234567890}'];
  const { code, lines, notes } = await run(['publish', '--json'], { input });
  expect({ code, notes }).toEqual({ code: 0, notes: expect.any(Array) });
  const published = JSON.parse(lines[0] ?? '') as readonly { readonly messageId: string }[];
  expect(published).toHaveLength(2);
  const listed = await run(['sessions', '--account', '1', '--json']);
  expect(JSON.parse(listed.lines[0] ?? '')).toMatchObject([{ queue: { waiting: 2 } }]);
  const trace = await run(['trace', published[1]?.messageId ?? '']);
  expect(trace.lines[0]).toBe(`${published[1]?.messageId ?? ''}: delivered`);
  expect(trace.lines.join('\n')).toContain('publish: Its publish call had it dispatched.');
});

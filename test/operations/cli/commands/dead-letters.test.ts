import { expect, test } from '@jest/globals';
import { startAnnounced } from '../command-line.ts';

const { service, run } = await startAnnounced();

const put = async (...records: readonly string[]): Promise<void> => {
  await service.ask('kinesis', 'PutRecords', {
    StreamName: service.outputs['EventStreamName'],
    Records: records.map((text) => ({ Data: Buffer.from(text).toString('base64'), PartitionKey: 'k' })),
  });
  await service.idle();
};

test('rejected records are listed, put back, discarded, and reported by doctor and alarms', async () => {
  expect(await run(['dead-letters', 'list'])).toMatchObject({ code: 0, lines: ['Nothing waits.'] });
  await put('no message', '{"accountId":"x"}');
  const { lines } = await run(['dead-letters', 'list', '--from', 'rejected']);
  expect(lines[0]).toMatch(/^PLACE +SINCE \(UTC\) +REASON +SESSIONS +WHAT +ID$/);
  expect(lines).toHaveLength(3);
  expect(lines[1]).toMatch(/^rejected {2}\S+ \S+ {2}InvalidRequest {2}- +record .* shardId-\d+:\d+$/);

  const dry = await run(['dead-letters', 'redrive', '--from', 'rejected', '--dry-run']);
  expect(dry).toMatchObject({ code: 0, lines: ['rejected: 2 would be put back: 2 records on the stream'] });
  expect(await run(['dead-letters', 'redrive', '--id', 'mistyped'])).toMatchObject({
    code: 1,
    notes: ['No dead letter has the id mistyped: sqs-browser dead-letters list shows all.'],
  });
  const one = /shardId-\d+:\d+$/.exec(lines[1] ?? '')?.[0] ?? '';
  const redriven = await run(['dead-letters', 'redrive', '--from', 'rejected', '--id', one]);
  expect(redriven).toMatchObject({ code: 0, lines: ['rejected: 1 put back: 1 record on the stream'] });
  expect(redriven.progress).toContain('rejected 1');
  await service.idle();

  const refused = await run(['dead-letters', 'discard', '--from', 'rejected']);
  expect(refused).toMatchObject({ code: 1, notes: ['Nothing was deleted. Give --yes where nobody can be asked.'] });
  const discarded = await run(['dead-letters', 'discard', '--from', 'rejected'], { answer: true });
  expect(discarded).toMatchObject({ code: 0, lines: ['2 discarded.'] });
  expect(await run(['dead-letters', 'list'])).toMatchObject({ lines: ['Nothing waits.'] });

  await put('no message');
  const doctor = await run(['doctor']);
  expect(doctor.lines.join('\n')).toContain(
    '! dead letters: What waits: rejected 1\n  Look at them: sqs-browser dead-letters list.',
  );
  const alarms = await run(['alarms']);
  expect(alarms.lines.join('\n')).toMatch(
    /^ALARM {14}RecordsRejected: .*\n {2}since .*: Threshold Crossed: .*\n {2}- sqs-browser dead-letters list --from rejected/,
  );
});

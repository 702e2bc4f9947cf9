import { expect, test } from '@jest/globals';
import { settle, worstCase } from '../../tools/worst-case.ts';
import { startAnnounced } from './command-line.ts';

const { service, run } = await startAnnounced();

const session = async (accountId: number, sessionId = 'abc'): Promise<void> => {
  expect(await run(['create', String(accountId), sessionId])).toMatchObject({ code: 0 });
};

test('create, sessions, notify and destroy print what they did', async () => {
  const created = await run(['create', '1', 'abc', '--user', '7']);
  expect(created).toMatchObject({
    code: 0,
    lines: [
      'account  1',
      'session  abc',
      'user     7',
      expect.stringMatching(/^queue {4}http:\/\/127/),
      expect.stringMatching(/^expires {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/),
      'Its keys are in the answer with --json.',
    ],
  });
  expect(created.lines.join()).not.toMatch(/secret|token/i);
  const notified = await run(['notify', '1', '{"msg":"Hello"}']);
  expect(notified.lines).toEqual([expect.stringMatching(/^message {4}[\w-]{36}$/), 'sessions   1', 'delivered  1']);
  expect(await run(['sessions', '--account', '1'])).toMatchObject({
    lines: [
      expect.stringMatching(/^ACCOUNT {2}SESSION {2}USER {2}KEYS EXPIRE +WAITING {2}IN FLIGHT {2}OLDEST$/),
      expect.stringMatching(/^1 {8}abc {6}7 {5}in \d h \d+ min +1 {8}0 {10}(?:\d+ s|\?)$/),
      // In the worst case the metrics of a new queue come 15 minutes late.
      ...(worstCase ? [expect.stringMatching(/^\?: CloudWatch has no age/)] : []),
    ],
  });
  expect(await run(['destroy', '1', 'abc'])).toMatchObject({ code: 0, lines: ['Session abc is gone.'] });
  expect(await run(['sessions', '--account', '1'])).toMatchObject({ code: 0, lines: ['No sessions.'] });
});

test('with --json an answer is one line, keys included for programs', async () => {
  const { lines } = await run(['create', '2', 'abc', '--json']);
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ accountId: 2, secretKey: expect.any(String) });
  settle(service.clock);
  const listed = await run(['sessions', '--account', '2', '--json']);
  expect(JSON.parse(listed.lines[0] ?? '')).toEqual([
    {
      ...{ accountId: 2, sessionId: 'abc', queueUrl: expect.any(String), expires: expect.any(Number) },
      createdAt: expect.any(Number),
      queue: { waiting: 0, inFlight: 0 },
    },
  ]);
});

test('notify says when nobody is there', async () => {
  const { code, lines } = await run(['notify', '404', '{"msg":"Hello"}']);
  expect(code).toBe(0);
  expect(lines.slice(1)).toEqual([
    'sessions   0',
    'delivered  0',
    'No session matched. sqs-browser sessions --account 404 shows those that there are.',
  ]);
});

test('publish sends the lines of its input, up to one that is no message', async () => {
  await session(3);
  const input = ['{"accountId":3,"n":1}', '', '{"accountId":3,"n":2}'];
  expect(await run(['publish'], { input })).toMatchObject({ code: 0, lines: ['2 messages are published.'] });
  await service.idle();
  const { lines } = await run(['sessions', '--account', '3', '--json']);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject([{ queue: { waiting: 2 } }]);
  const wrong = await run(['publish'], { input: ['{"accountId":3}', 'no message', '{"accountId":3}'] });
  expect(wrong).toMatchObject({
    code: 1,
    notes: [
      'Line 2 is not a JSON object with an accountId: no message',
      'The lines before it are published: 1 message. It and those after it were not sent.',
    ],
  });
});

test('tail prints events as they arrive, as a session that ends with it', async () => {
  const ended = run(['tail', '--account', '4', '--user', '7', '--session', 'mine', '--limit', '1'], {
    onNote: () => void run(['notify', '4', '{"msg":"Hello"}', '--user', '7']),
  });
  const { code, lines, notes } = await ended;
  expect({ code, notes }).toEqual({ code: 0, notes: ['Session mine of account 4 waits for events; Ctrl-C ends it.'] });
  expect(lines).toEqual([expect.stringMatching(/^\d\d:\d\d:\d\d\.\d{3} {2}[\w-]{36} {2}\{.*"msg":"Hello"\}$/)]);
  expect(await run(['sessions', '--account', '4'])).toMatchObject({ lines: ['No sessions.'] });
});

test('tail refuses to take the events of a session that exists', async () => {
  await session(5);
  expect(await run(['tail', '--account', '5', '--session', 'abc'])).toMatchObject({
    code: 1,
    notes: [expect.stringMatching(/^There is a session abc of account 5, .*choose another name with --session\.$/)],
  });
});

test('tail ends at Ctrl-C and destroys its session', async () => {
  const stop = new AbortController();
  const onNote = () => {
    stop.abort();
  };
  expect(await run(['tail', '--account', '6'], { signal: stop.signal, onNote })).toMatchObject({ code: 0, lines: [] });
  expect(await run(['sessions', '--account', '6'])).toMatchObject({ lines: ['No sessions.'] });
});

test('runs lists the machines’ runs, and shows one with its events', async () => {
  await session(7);
  const { lines } = await run(['runs', '--machine', 'create-session', '--limit', '1']);
  expect(lines).toEqual([
    expect.stringMatching(/^TIME \(UTC\) +MACHINE +OUTCOME +TOOK +ERROR +RUN$/),
    expect.stringMatching(/^\S+ \S+ {2}create-session {2}succeeded {2}\d+ ms {2}- +[\w-]{36}$/),
  ]);
  const name = lines[1]?.split(/\s+/).at(-1) ?? '';
  const shown = await run(['runs', name]);
  expect(shown.lines[0]).toMatch(/^create-session, succeeded, \d+ ms$/);
  expect(shown.lines.join('\n')).toMatch(/TaskStateEntered +Start Create/);
  expect(shown.lines.join('\n')).not.toMatch(/secretKey|sessionToken/);
  expect(await run(['runs', 'arn:aws:states:none'])).toMatchObject({
    code: 1,
    notes: [expect.stringMatching(/^No run arn:aws:states:none was logged in this time/)],
  });
});

test('runs --failed shows what failed and with which error', async () => {
  expect(await run(['destroy', '8', 'none'])).toMatchObject({
    code: 1,
    notes: ['SessionNotFound: Account 8 has no session "none"'],
  });
  const { lines } = await run(['runs', '--failed', '--machine', 'destroy-session']);
  expect(lines[1]).toMatch(/destroy-session {2}failed +\S+( ms)? +SessionNotFound/);
});

test('logs prints what the functions logged, by function and text', async () => {
  await run(['destroy', '9', 'none']);
  const { code, lines } = await run(['logs', '--function', 'find-session', '--grep', 'TASK_REFUSED']);
  expect(code).toBe(0);
  expect(lines.at(-1)).toMatch(/^\S+ \S+ {2}find-session {2}WARN TASK_REFUSED failure=SessionNotFound/);
  expect(await run(['logs', '--function', 'nothing'])).toMatchObject({
    code: 2,
    notes: [expect.stringMatching(/^There is no function nothing; there are .*router/)],
  });
});

test('cleanup says what it removed', async () => {
  expect(await run(['cleanup'])).toMatchObject({
    code: 0,
    lines: ['0 sessions, 0 queues and 0 identities removed.'],
  });
});

test('doctor finds a fresh service in order', async () => {
  const { lines } = await run(['doctor']);
  expect(lines.filter((line) => !line.startsWith('✔'))).toEqual([]);
  expect(lines).toContain('✔ classic flow: The basic (classic) flow is on');
});

test('console says that its port is taken', async () => {
  const { port } = new URL(service.url);
  expect(await run(['console', '--port', port])).toMatchObject({
    ...{ code: 1, lines: [] },
    notes: [expect.stringMatching(`^Port ${port} cannot be used \\(.*EADDRINUSE.*\\): choose another with --port.$`)],
  });
});

test('alarms shows each with its state', async () => {
  const { lines } = await run(['alarms']);
  expect(lines).toContain('OK                 StreamBehind: Messages wait on the stream for more than a minute');
});

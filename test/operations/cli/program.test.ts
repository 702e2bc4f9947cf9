import { expect, test } from '@jest/globals';
import { announcements, commandLine } from './command-line.ts';

const run = commandLine(await announcements());

test('--version prints the version of the package', async () => {
  const { code, lines } = await run(['--version']);
  expect([code, lines.join('')]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+$/)]);
});

test('--help lists every command with examples', async () => {
  const { code, lines } = await run(['--help']);
  expect(code).toBe(0);
  const commands = lines
    .join('\n')
    .match(/^ {2}[a-z-]+(?= \[options\])/gm)
    ?.map((name) => name.trim());
  expect(commands).toEqual([
    ...['start', 'sessions', 'create', 'renew', 'destroy', 'notify', 'publish', 'tail', 'trace', 'runs', 'logs'],
    ...['alarms', 'dead-letters', 'stream', 'cleanup', 'doctor', 'console', 'completion'],
  ]);
  for (const command of commands ?? []) {
    const help = await run([command, '--help']);
    expect(help.code).toBe(0);
    if (!['dead-letters', 'stream'].includes(command)) expect(help.lines.join('\n')).toMatch(/^Examples?:\n {2}\$ /m);
  }
});

test.each([
  [['unknown'], "error: unknown command 'unknown'"],
  [['session'], "error: unknown command 'session'"],
  [
    ['create', 'x', 'abc'],
    "error: command-argument value 'x' is invalid for argument 'account'. It must be an integer, such as 12345.",
  ],
  [
    ['notify', '1', '[]'],
    `error: command-argument value '[]' is invalid for argument 'message'. It must be a JSON object, such as '{"msg":"Hello"}'.`,
  ],
  [
    ['runs', '--since', '1'],
    "error: option '--since <duration>' argument '1' is invalid. It must be a number and a unit, such as 90s, 15m, 2h or 1d.",
  ],
  [
    ['start', '--port', '65536'],
    "error: option '--port <number>' argument '65536' is invalid. It must be a number from 0 to 65535 (0 picks a free port).",
  ],
  [
    ['start', '-c', 'x'],
    "error: option '-c, --context <name=value>' argument 'x' is invalid. It must be name=value, such as keyHours=8.",
  ],
  [['dead-letters', 'discard'], "error: required option '--from <place>' not specified"],
])('%j is refused with what is right', async (args, sentence) => {
  const { code, lines, notes } = await run(args);
  expect({ code, lines }).toEqual({ code: 2, lines: [] });
  expect(notes[0]).toBe(sentence);
});

test.each([
  ['trace', '1d'],
  ['runs', '1h'],
  ['logs', '15m'],
])('the help of %s has its default as people write it', async (command, byDefault) => {
  const { lines } = await run([command, '--help']);
  const help = lines.join(' ').replaceAll(/\s+/g, ' ');
  expect(help).toContain(`such as 15m, 2h or 1d (default: ${byDefault})`);
});

test('without a service one sentence says what to do', async () => {
  expect(await run(['sessions'])).toEqual({
    ...{ code: 1, lines: [], progress: [] },
    notes: [
      'No service runs on this machine: start one with npx sqs-browser start, or name a deployed one with --stack and --region.',
    ],
  });
  expect(await run(['sessions', '--endpoint', 'http://127.0.0.1:1'])).toMatchObject({
    code: 1,
    notes: [expect.stringMatching(/^Nothing answers at http:\/\/127\.0\.0\.1:1: start the local service/)],
  });
  expect(await run(['sessions', '--stack', 'mine'])).toMatchObject({
    code: 1,
    notes: ['No Region is known: give --region, or set AWS_REGION.'],
  });
});

test('completion is made for each shell from the commands', async () => {
  const bash = await run(['completion', 'bash']);
  expect(bash.lines.join('\n')).toContain('dead-letters) words="list redrive discard');
  expect((await run(['completion', 'zsh'])).lines[0]).toBe('autoload -U +X bashcompinit && bashcompinit');
  expect((await run(['completion', 'fish'])).lines.join('\n')).toContain("-a trace -d 'say what became of a message");
});

/** docs/command-line.md says what the program has. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Command } from 'commander';
import { createProgram } from '../../../../operations/cli/program.ts';

const program = createProgram({
  ...{ print: () => undefined, note: () => undefined, progress: () => undefined, lines: async function* () {} },
  confirm: () => Promise.resolve(false),
  ...{ colors: false, signal: new AbortController().signal, environment: {}, now: Date.now },
});

const page = await readFile(join(import.meta.dirname, '..', '..', '..', '..', 'docs', 'command-line.md'), 'utf8');

/** The first cells of a section's table. */
const firstCells = (heading: string): string[] => {
  const section = page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return [...section.matchAll(/^\| `([^`]+)`/gm)].map(([, cell = '']) => cell);
};

const namesOf = (command: Command, prefix = ''): string[] => {
  const args = command.registeredArguments.map((each) => (each.required ? ` <${each.name()}>` : ` [${each.name()}]`));
  const name = `${prefix}${command.name()}`;
  return command.commands.length > 0
    ? command.commands.flatMap((each) => namesOf(each, `${name} `))
    : [name + args.join('')];
};

test('every command is in the table, with its arguments', () => {
  expect(firstCells('Commands')).toEqual(program.commands.flatMap((command) => namesOf(command)));
});

test('every option of all commands is in the table', () => {
  expect(firstCells('Options of every command')).toEqual(program.options.map(({ flags }) => flags));
});

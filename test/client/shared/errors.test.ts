import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { errors } from '../../../client/shared/errors.ts';

const readme = readFileSync(join(import.meta.dirname, '..', '..', '..', 'README.md'), 'utf8');

/** The cells of the README's table of errors, without its head. */
const tableRows = (): string[][] => {
  const [, rest = ''] = readme.split(/\n\| status \| error .*\n\| -.*\n/);
  const lines = rest.slice(0, rest.indexOf('\n\n')).split('\n');
  return lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
};

describe('the table of errors', () => {
  test('is the table in README', () => {
    const expected = Object.entries(errors).map(([name, { status, members, remedy }]) => [
      String(status),
      `\`${name}\``,
      members.map((member) => `\`${member}\``).join(', '),
      remedy,
    ]);
    expect(tableRows()).toEqual(expected);
  });

  test.each(Object.entries(errors))(
    'says of %s when in plain text, which needs no escaping anywhere',
    (_name, { when }) => {
      expect(when).toMatch(/^[A-Z][A-Za-z0-9 ,;/-]+\.$/);
    },
  );
});

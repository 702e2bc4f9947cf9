import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const read = (file: string): string => readFileSync(join(import.meta.dirname, '..', '..', file), 'utf8');
const page = read('docs/cdk.md');

/** The members that an interface declares: `readonly name?: …`. */
const propsIn = (file: string): string[] =>
  [...read(file).matchAll(/^ {2}readonly (\w+)\?: .+ \| undefined;$/gm)].map(([, name = '']) => name);

test('every prop of the construct is in the table, with its default in the code', () => {
  const props = [...propsIn('infra/settings.ts'), ...propsIn('infra/sqs-browser-props.ts')];
  expect(props.length).toBeGreaterThan(35);
  const [, table = ''] = page.split('## Props');
  expect(props.filter((name) => !table.includes(`\`${name}\``))).toEqual([]);
  const documented = [
    ...read('infra/settings.ts').matchAll(/@default/g),
    ...read('infra/sqs-browser-props.ts').matchAll(/@default/g),
  ];
  expect(documented).toHaveLength(props.length);
});

test('every grant and metric is in the table', () => {
  const methods = [...read('infra/service.ts').matchAll(/^ {2}((?:grant|metric)\w+)\(/gm)].map(([, name = '']) => name);
  expect(methods.length).toBeGreaterThan(8);
  expect(methods.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

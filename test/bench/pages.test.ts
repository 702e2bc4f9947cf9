import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { withPrices } from '../../bench/cost/quoted-prices.ts';
import { writtenPages } from '../../bench/pages.ts';
import { reasonFor } from '../../bench/reasons.ts';
import { readResults } from '../../bench/results.ts';

const results = readResults();

test('every page has the figures and prices of bench/results.json', async () => {
  for (const [path, text] of await writtenPages(results)) {
    expect({ path, text: readFileSync(join(import.meta.dirname, '..', '..', path), 'utf8') }).toEqual({ path, text });
  }
});

test('a price that nobody computes is refused with those that are', async () => {
  await expect(withPrices('It costs <!-- price: nothing -->$1.00.', results)).rejects.toThrow(
    /no price "nothing": it is one of idle peer,/,
  );
});

test('every aim has a reason for the day it is missed', () => {
  const named = results.figures.filter(({ aim }) => aim !== undefined).map(({ name }) => reasonFor(name));
  expect(named.every((reason) => reason.length > 40 && !reason.endsWith('.'))).toBe(true);
  expect(() => reasonFor('something new')).toThrow('Nothing says why the aim of "something new" may be missed');
});

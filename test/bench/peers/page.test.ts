import { expect, test } from '@jest/globals';
import { peersTable } from '../../../bench/peers/page.ts';

test('a comparison has both figures and how far they are apart, with the machine and the version', () => {
  const text = peersTable({
    measured: '2026-11-27T10:00:00Z',
    cpu: 'a processor, 2 cores',
    peer: 'Centrifugo v6',
    rows: [
      { name: 'saturated', unit: 'messages/s', own: 5000, peer: 60_000 },
      { name: 'one message', unit: 'ms', own: 6, peer: 0.5 },
    ],
  });
  expect(text).toContain('Measured on 2026-11-27 on a processor, 2 cores, with Centrifugo v6');
  expect(text).toContain('| saturated | 5,000 messages/s | 60,000 messages/s | 1/12 of the rate |');
  expect(text).toContain('| one message | 6 ms | 0.5 ms | 12 × the time |');
});

test('without a comparison the page says what it needs', () => {
  expect(peersTable(undefined)).toContain('needs the program `centrifugo`');
});

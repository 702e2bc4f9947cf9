import { afterEach, describe, expect, test } from '@jest/globals';
import type { Environment } from '../../../../client/browser/connect.ts';
import { ClientHarness } from '../client-harness.ts';

let harness = new ClientHarness();

afterEach(async () => {
  await harness.close();
  harness = new ClientHarness();
});

/** Answers arrive at so many bytes a second. */
const slowLink =
  (bytesPerSecond: number): Environment['fetch'] =>
  async (url, init) => {
    const response = await harness.sqs.fetch(url, init);
    const bytes = new Uint8Array(await response.arrayBuffer());
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        if (init.signal?.aborted) {
          controller.error(new DOMException('Aborted', 'AbortError'));
        } else if (sent >= bytes.length) {
          controller.close();
        } else {
          await new Promise<void>((resolve) => harness.clock.setTimeout(resolve, 1_000));
          controller.enqueue(bytes.slice(sent, (sent += bytesPerSecond)));
        }
      },
    });
    return new Response(body, { status: response.status, headers: response.headers });
  };

/** Only so many requests are sent at a time; the others wait in the browser. @param onAbort is called for one that is given up there. */
const connections = (count: number, fetch: Environment['fetch'], onAbort: () => void): Environment['fetch'] => {
  let free = count;
  const waiting: (() => void)[] = [];
  return async (url, init) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      if (init.signal?.aborted) {
        onAbort();
        throw new DOMException('Aborted', 'AbortError');
      }
      return await fetch(url, init);
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
};

/** A tab over 50 kB a second, and so many messages of 100 KiB. */
const sendOverSlowLink = (count: number) => {
  const tab = harness.browser.tab();
  const { shown } = harness.show({ environment: { ...tab.environment, fetch: slowLink(50_000) } }, tab);
  const ids = Array.from({ length: count }, (_, n) => harness.sqs.send({ n, pad: 'x'.repeat(100 * 1024) }));
  return { shown, ids };
};

describe('a slow link', () => {
  test('brings a megabyte at 50 kB a second, and no poll is given up', async () => {
    const { shown, ids } = sendOverSlowLink(10);
    await harness.clock.advance(40_000);
    expect(shown).toEqual(ids);
    expect(harness.sqs.count('ReceiveMessage')).toBeLessThanOrEqual(3);
    await harness.clock.advance(5_000);
    expect(harness.sqs.stored).toEqual([]);
  });

  test('deletes what it brought before SQS hands it out again, also when it is little', async () => {
    const { shown, ids } = sendOverSlowLink(5);
    await harness.clock.advance(20_000);
    expect(shown).toEqual(ids);
    expect(harness.sqs.stored).toEqual([]);
    expect(harness.sqs.count('ReceiveMessage')).toBe(2);
  });

  test('on which nothing arrives is given up, and fewer messages are asked for then', async () => {
    harness.show();
    harness.sqs.faults.push(
      () => undefined,
      () => 'hangs',
    );
    await harness.clock.advance(60_000);
    const asked = harness.sqs.calls.map(({ parameters }) => parameters['MaxNumberOfMessages']);
    expect(asked.slice(0, 5)).toEqual([10, 10, 5, 10, 10]);
  });
});

test('of nine sessions in a browser with six connections, each polls, and few polls are given up', async () => {
  let aborted = 0;
  const fetch = connections(6, harness.sqs.fetch, () => aborted++);
  const counts = new Map<string, number>();
  for (let n = 0; n < 9; n++) {
    const tab = harness.browser.tab();
    const sqsUrl = `${harness.sqs.url}-${n}`;
    const counted: Environment['fetch'] = async (url, init) => {
      const response = await fetch(url, init);
      counts.set(sqsUrl, (counts.get(sqsUrl) ?? 0) + 1);
      return response;
    };
    harness.show({ session: { ...harness.session, sqsUrl }, environment: { ...tab.environment, fetch: counted } }, tab);
  }
  await harness.clock.advance(600_000);
  expect(counts.size).toBe(9);
  for (const count of counts.values()) expect(count).toBeGreaterThan(12);
  expect(aborted).toBeLessThan(10);
});

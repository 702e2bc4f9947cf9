import { afterEach, describe, expect, test } from '@jest/globals';
import type { Session } from '../../../../client/browser/connect.ts';
import { debugLog } from '../../../../client/browser/debug.ts';
import { settle } from '../fake-clock.ts';
import { ClientHarness } from '../client-harness.ts';

let harness = new ClientHarness();

afterEach(async () => {
  await harness.close();
  harness = new ClientHarness();
});

/** What connect() says about options, and how many channels it opened before. */
const complaint = (options: object): string => {
  try {
    harness.open(options);
    return 'none';
  } catch (error) {
    return String(error);
  }
};

describe('a session', () => {
  const wrong: Record<string, [given: unknown, said: string]> = {
    'an error': [{ error: 'SessionNotFound' }, 'session.sqsUrl must be URL, not undefined'],
    'a promise': [Promise.resolve({}), 'session.sqsUrl must be URL, not undefined'],
    'nothing at all': [undefined, 'session.sqsUrl must be URL, not undefined'],
    null: [null, 'session.sqsUrl must be URL, not undefined'],
    'without its secret key': [{ ...harness.session, secretKey: undefined }, 'session.secretKey must be string'],
    'with an empty token': [{ ...harness.session, sessionToken: '' }, 'session.sessionToken must be string'],
    'with a queue that is no URL': [{ ...harness.session, sqsUrl: 'queue' }, 'session.sqsUrl must be URL, not string'],
    'whose end is a text': [
      { ...harness.session, expires: '2026' },
      'session.expires must be 1 to Infinity, not string',
    ],
  };
  for (const [name, [session, said]] of Object.entries(wrong)) {
    test(`that is ${name} is refused with the field's name, before anything is done`, async () => {
      expect(complaint({ session })).toContain(`TypeError: ${said}`);
      expect(complaint({ session })).not.toContain(harness.session.sessionToken);
      await harness.clock.advance(5_000);
      expect([harness.sqs.calls, harness.clock.pending, harness.browser.channels.size]).toEqual([[], 0, 0]);
    });
  }

  test('that other code watches, as Vue does, is shared between tabs all the same', async () => {
    const first = harness.show();
    const session = new Proxy({ ...harness.session }, {});
    const second = harness.show({ session });
    harness.sqs.send({ n: 1 }, 'a');
    await settle();
    expect([first.shown, second.shown]).toEqual([['a'], ['a']]);
  });
});

describe('an option', () => {
  const wrong: Record<string, [options: object, said: string]> = {
    renew: [{ renew: undefined }, 'renew must be function, not undefined'],
    poll: [{ poll: 'sometimes' }, 'poll must be always, visible-only, function'],
    attempts: [{ attempts: 0 }, 'attempts must be 1 to Infinity'],
    retry: [{ retry: 1_000 }, 'retry must be function'],
    share: [{ share: 'no' }, 'share must be boolean'],
    region: [{ region: '' }, 'region must be string'],
    waitTime: [{ waitTime: 21 }, 'waitTime must be 0 to 20'],
    visibilityTimeout: [{ visibilityTimeout: 0 }, 'visibilityTimeout must be 1 to 43200'],
    debug: [{ debug: 'yes' }, 'debug must be function'],
  };
  for (const [name, [options, said]] of Object.entries(wrong)) {
    test(`${name} that is wrong is refused with its name`, () => {
      expect(complaint(options)).toContain(`TypeError: ${said}`);
    });
  }

  test('that is undefined is as one that is not there', async () => {
    const { shown } = harness.show({ poll: undefined, attempts: undefined, waitTime: undefined, share: undefined });
    harness.sqs.send({ n: 1 }, 'a');
    await settle();
    expect(shown).toEqual(['a']);
  });

  test('retry that throws, or returns no number, gives way to the default', async () => {
    for (const retry of [
      (): number => {
        throw new Error('mine');
      },
      () => NaN,
      () => -1,
    ]) {
      const other = new ClientHarness();
      other.sqs.faults.push(() => new TypeError('network'));
      const { shown } = other.show({ retry });
      other.sqs.send({ n: 1 }, 'a');
      await other.clock.advance(60_000);
      expect(shown).toEqual(['a']);
      await other.close();
    }
  });

  test('signal is let go when the connection ends, and by listeners when they are removed', async () => {
    const abort = new AbortController();
    const { signal } = abort;
    let listening = 0;
    const add = signal.addEventListener.bind(signal);
    signal.addEventListener = (type: string, listener: EventListener, options: AddEventListenerOptions) => {
      listening++;
      options.signal?.addEventListener('abort', () => listening--);
      add(type, listener, options);
    };
    for (let count = 0; count < 20; count++) {
      const { events } = harness.open({ signal });
      const listener = (): undefined => undefined;
      events.addEventListener('message', listener, { signal });
      events.removeEventListener('message', listener);
      void events.close();
    }
    await harness.clock.advance(2_000);
    expect(listening).toBe(0);
  });
});

test('two stages on one origin do not meet, although their sessions have equal ids', async () => {
  const first = harness.show();
  const session: Session = {
    ...harness.session,
    sqsUrl: `${harness.sqs.url}-other`,
    expires: harness.session.expires + 5,
  };
  const second = harness.show({ session });
  await harness.clock.advance(10_000);
  expect([first.events.leader, second.events.leader]).toEqual([true, true]);
  expect(first.events.session.sqsUrl).toBe(harness.session.sqsUrl);
  const queues = new Set(harness.sqs.calls.map(({ parameters }) => parameters['QueueUrl']));
  expect(queues).toEqual(new Set([harness.session.sqsUrl, session.sqsUrl]));
});

test('what the connection does is logged when asked, without credentials and data', async () => {
  const lines: string[] = [];
  harness.show({ debug: (what, details) => lines.push(`${what} ${String(details)}`) });
  harness.sqs.faults.push(() => harness.sqs.refuse(500, 'InternalFailure', 'We erred'));
  harness.sqs.send({ n: 'secret data' });
  await harness.clock.advance(2_000);
  const text = lines.join('\n');
  expect(text).toMatch(/waiting: server .*We erred/);
  expect(text).toContain('polling: listening');
  expect(text).toContain('1 messages');
  for (const secret of ['secret data', harness.session.secretKey, harness.session.sessionToken]) {
    expect(text).not.toContain(secret);
  }
});

test('the log is written to the console when localStorage.debug says so', async () => {
  harness.browser.storage.set('debug', 'other,sqs-browser');
  const tab = harness.browser.tab();
  const lines: unknown[][] = [];
  const environment = { ...tab.environment, console: { debug: (...values: unknown[]) => lines.push(values) } };
  harness.show({ debug: debugLog(environment) }, tab);
  await settle();
  expect(lines).toContainEqual(['sqs-browser', 'polling: listening', '']);
});

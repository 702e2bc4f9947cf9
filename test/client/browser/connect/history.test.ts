import { afterEach, expect, test } from '@jest/globals';
import type { History, Message } from '../../../../client/browser/connect.ts';
import { createSeenMessages, writtenCapacity } from '../../../../client/browser/seen-messages.ts';
import type { FakeTab } from '../fake-browser.ts';
import { settle } from '../fake-clock.ts';
import { ClientHarness, type Client } from '../client-harness.ts';

let harness = new ClientHarness();

afterEach(async () => {
  await harness.close();
  harness = new ClientHarness();
});

/** Keeps everything, or knows that it does not; answers when the test lets it. */
class FakeHistory implements History {
  isWhole = true;
  answered: Promise<unknown> = Promise.resolve();
  readonly #kept: { readonly at: number; readonly message: Message }[] = [];

  record(_queue: string, messages: readonly Message[]): void {
    for (const message of messages) this.#kept.push({ at: harness.clock.now(), message });
  }

  async missed(_queue: string, _left: number, joined: number): Promise<readonly Message[] | undefined> {
    await this.answered;
    return this.isWhole ? this.#kept.flatMap(({ at, message }) => (at >= joined ? message : [])) : undefined;
  }
}

interface Watched extends Client {
  readonly since: number[];
}

const watch = (history: History, tab = harness.browser.tab()): Watched => {
  const client = harness.show({ history }, tab);
  const since: number[] = [];
  client.events.addEventListener('resync', (event) => since.push(event.since));
  return { ...client, since };
};

const send = async (...ids: readonly string[]): Promise<void> => {
  for (const id of ids) harness.sqs.send({}, id);
  await harness.clock.advance(1_000);
};

const sleeps: Record<string, { readonly sleep: (tab: FakeTab) => FakeTab; readonly isReload?: true }> = {
  'was kept for the back button': {
    sleep: (tab) => {
      tab.fire('pagehide');
      return tab;
    },
  },
  'was frozen': {
    sleep: (tab) => {
      tab.fire('freeze');
      tab.freeze();
      return tab;
    },
  },
  'is loaded again': { sleep: (tab) => harness.browser.reload(tab), isReload: true },
};

const wake = (tab: FakeTab): void => {
  tab.thaw();
  tab.fire('resume');
  tab.fire('pageshow');
};

for (const [name, { sleep, isReload = false }] of Object.entries(sleeps)) {
  test(`a tab that ${name} shows what others handled meanwhile, in order and none twice`, async () => {
    const history = new FakeHistory();
    await send('before it was opened');
    const other = watch(history);
    await harness.clock.advance(1_000);
    const first = watch(history);
    await harness.clock.advance(1_000);
    await send('a', 'b');
    const tab = sleep(first.tab);
    await send('c', 'd', 'e');
    const again = isReload ? watch(history, tab) : first;
    wake(tab);
    await send('f');
    const all = ['a', 'b', 'c', 'd', 'e', 'f'];
    expect(other.shown.slice(-6)).toEqual(all);
    expect(isReload ? [...first.shown, ...again.shown] : again.shown).toEqual(all);
    expect(again.since).toEqual([]);
    expect(harness.sqs.stored).toEqual([]);
  });
}

test('what a tab had got but not shown yet when it was loaded again, it shows then', async () => {
  const history = new FakeHistory();
  watch(history);
  await harness.clock.advance(100);
  const slow = harness.open({ history });
  slow.events.addEventListener('message', ({ id }) => {
    slow.shown.push(id);
    return new Promise(() => undefined);
  });
  await harness.clock.advance(1_000);
  await send('a', 'b', 'c');
  const reloaded = watch(history, harness.browser.reload(slow.tab));
  await send('d');
  // Nobody knows of the first whether it was shown: its handler never returned.
  expect([slow.shown, reloaded.shown]).toEqual([['a'], ['a', 'b', 'c', 'd']]);
});

test('what comes while the history is read is shown after what was missed', async () => {
  const history = new FakeHistory();
  watch(history);
  const { tab, shown } = watch(history);
  await harness.clock.advance(1_000);
  tab.fire('pagehide');
  await send('a', 'b');
  let answer: (value?: unknown) => void = () => undefined;
  history.answered = new Promise((resolve) => (answer = resolve));
  tab.fire('pageshow');
  await send('c');
  expect(shown).toEqual([]);
  answer();
  await settle();
  expect(shown).toEqual(['a', 'b', 'c']);
});

test('a history that is not whole makes the tab load its data again', async () => {
  const history = new FakeHistory();
  watch(history);
  const { tab, shown, since } = watch(history);
  await harness.clock.advance(1_000);
  const left = harness.clock.now();
  tab.fire('pagehide');
  await send('a');
  history.isWhole = false;
  tab.fire('pageshow');
  await send('b');
  expect([shown, since]).toEqual([['b'], [left]]);
});

test('a connection that was closed while the history was read shows nothing', async () => {
  const history = new FakeHistory();
  watch(history);
  const { tab, shown, events } = watch(history);
  await harness.clock.advance(1_000);
  tab.fire('pagehide');
  await send('a');
  tab.fire('pageshow');
  await events.close();
  await settle();
  expect(shown).toEqual([]);
});

test('a new tab gets nothing of before', async () => {
  const history = new FakeHistory();
  const first = watch(history);
  await harness.clock.advance(1_000);
  await send('a');
  const second = watch(history);
  await send('b');
  expect([first.shown, second.shown, second.since]).toEqual([['a', 'b'], ['b'], []]);
});

test('a tab remembers a thousand events across a reload, as many as a history may keep', () => {
  const tab = harness.browser.tab();
  const ids = Array.from({ length: writtenCapacity + 1 }, (_, n) => `e${n}`);
  const before = createSeenMessages(tab.environment, () => 'q');
  for (const id of ids) before.note(id, true, false);
  before.leave();
  const after = createSeenMessages(tab.environment, () => 'q');
  after.missedSince();
  expect(ids.filter((id) => !after.isShown({ id, text: '', sentAt: 0 }))).toEqual(['e0']);
});

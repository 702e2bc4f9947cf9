/** What a tab that crashes takes with it: what it posted to the others in its last moment. */
import { afterEach, expect, test } from '@jest/globals';
import { settle } from '../fake-clock.ts';
import { ClientHarness } from '../client-harness.ts';

let harness = new ClientHarness();

afterEach(async () => {
  await harness.close();
  harness = new ClientHarness();
});

for (const count of [3, 10]) {
  test(`every tab shows ${count} messages of which the leader said nothing before it crashed`, async () => {
    const clients = Array.from({ length: 7 }, () => harness.show());
    await harness.clock.advance(5_000);
    const leader = clients.find(({ events }) => events.leader);
    if (!leader) throw new Error('nobody leads');
    leader.tab.losesPosts = true;
    const ids = Array.from({ length: count }, (_, n) => harness.sqs.send({ n }));
    await settle();
    expect(leader.shown).toEqual(ids);
    leader.tab.crash();
    const fresh = harness.show();
    await harness.clock.advance(20_000);
    for (const { shown } of clients) expect(shown).toEqual(ids);
    expect(fresh.shown).toEqual([]);
    expect(harness.sqs.stored).toEqual([]);
  });
}

test('a tab shows a message of which it heard only that another tab handled it', async () => {
  const silent = harness.open();
  silent.events.addEventListener('message', () => new Promise(() => undefined));
  const handling = Promise.withResolvers<undefined>();
  const other = harness.open();
  other.events.addEventListener('message', () => handling.promise);
  await harness.clock.advance(1_000);
  harness.sqs.send({ n: 1 }, 'a');
  await settle();
  const { shown } = harness.show();
  await settle();
  silent.tab.freeze();
  handling.resolve(undefined);
  await settle();
  other.tab.leave();
  silent.tab.crash();
  await harness.clock.advance(20_000);
  expect(shown).toEqual(['a']);
  expect(harness.sqs.stored).toEqual([]);
});

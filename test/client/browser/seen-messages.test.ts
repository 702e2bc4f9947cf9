import { afterEach, describe, expect, test } from '@jest/globals';
import { settle } from './fake-clock.ts';
import { World } from './world.ts';

let world = new World();

afterEach(async () => {
  await world.close();
  world = new World();
});

describe('what was handled is written down', () => {
  test('once for all that handlers are done with at once', async () => {
    const { shown } = world.show();
    await settle();
    for (let n = 0; n < 20; n++) world.sqs.send({ n });
    await world.clock.advance(3_000);
    expect(shown).toHaveLength(20);
    expect(world.browser.writes).toBeLessThanOrEqual(4);
  });

  test('before the next handler waits for anything', async () => {
    const client = world.open();
    client.events.addEventListener('message', ({ id }) => {
      client.shown.push(id);
      return id === 'b' ? new Promise(() => undefined) : undefined;
    });
    await settle();
    for (const id of ['a', 'b']) world.sqs.send({}, id);
    await settle();
    client.tab.crash();
    const next = world.show();
    await world.clock.advance(10_000);
    expect([client.shown, next.shown]).toEqual([['a', 'b'], ['b']]);
  });
});

import { describe, expect, test } from '@jest/globals';
import {
  putBack,
  type Counts,
  type Dispatch,
  type Item,
  type Put,
  type Source,
  type Unusable,
} from '../../../operations/redrive/put-back.ts';

type Found = Item | Unusable;

/** A source of rounds; what has become of it is kept. */
class Rounds implements Source {
  readonly removed: string[] = [];
  released = 0;
  readonly #rounds: (readonly Found[])[];

  constructor(...rounds: (readonly Found[])[]) {
    this.#rounds = rounds;
  }

  next(): Promise<readonly Found[] | undefined> {
    return Promise.resolve(this.#rounds.shift());
  }

  remove(handles: readonly string[]): Promise<number> {
    this.removed.push(...handles);
    return Promise.resolve(handles.filter((handle) => handle === 'stuck').length);
  }

  release(): Promise<void> {
    this.released += 1;
    return Promise.resolve();
  }
}

const item = (name: string, { messages = 1, records = 0 } = {}): Item => ({
  messages: Array.from({ length: messages }, (_, index) => ({
    ...{ messageId: `${name}${index}`, sentAt: 1, accountId: 1, body: '{}' },
  })),
  records: Array.from({ length: records }, (_, index) => ({
    data: Buffer.from(`${name}${index}`),
    partitionKey: name,
  })),
  identities: [name],
  handles: [name],
});

/** Dispatches and accepts everything but what `refused` names; sequence numbers are `#<data>`. */
const createTarget = (refused: readonly string[] = []) => {
  const log: string[] = [];
  const dispatch: Dispatch = (messages) => {
    log.push(...messages.map(({ messageId }) => messageId));
    const notDone = messages.flatMap(({ messageId }, index) => (refused.includes(messageId) ? index : []));
    return Promise.resolve({ notDone, failure: new Error('States.Timeout') });
  };
  const put: Put = (records) => {
    const names = records.map(({ data }) => Buffer.from(data).toString());
    log.push(...names.map((name) => `#${name}`));
    return Promise.resolve(names.map((name) => (refused.includes(name) ? undefined : `#${name}`)));
  };
  return { log, dispatch, put };
};

const run = (
  source: Source,
  { dispatch, put }: { dispatch: Dispatch; put: Put },
  { dryRun = false, progress = (): void => undefined }: { dryRun?: boolean; progress?: (counts: Counts) => void } = {},
) => putBack({ source, dispatch, put, dryRun, progress });
const none = { putBack: 0, messages: 0, records: 0, again: 0, unremoved: 0, left: new Map() };

describe('putting back', () => {
  test('dispatches messages, puts records on the stream, and removes both', async () => {
    const source = new Rounds([item('a'), item('b', { messages: 2 })], [item('c', { messages: 0, records: 1 })]);
    const target = createTarget();
    expect(await run(source, target)).toEqual({ ...none, putBack: 3, messages: 3, records: 1 });
    expect(target.log).toEqual(['a0', 'b0', 'b1', '#c0']);
    expect(source.removed).toEqual(['a', 'b', 'c']);
    expect(source.released).toBe(1);
  });

  test('changes nothing in a dry run', async () => {
    const source = new Rounds([item('a'), { reason: 'odd' }]);
    const target = createTarget();
    expect(await run(source, target, { dryRun: true })).toEqual({
      ...none,
      putBack: 1,
      messages: 1,
      left: new Map([['odd', 1]]),
    });
    expect([target.log, source.removed, source.released]).toEqual([[], [], 1]);
  });

  test('removes nothing that is not dispatched and accepted whole', async () => {
    const source = new Rounds([
      item('a', { messages: 2 }),
      item('b'),
      item('c', { messages: 1, records: 2 }),
      item('d', { messages: 0, records: 1 }),
    ]);
    expect(await run(source, createTarget(['a1', 'c1']))).toEqual({
      ...none,
      putBack: 2,
      messages: 1,
      records: 1,
      left: new Map([
        ['they could not be dispatched: States.Timeout', 1],
        ['the stream did not accept all of their records', 1],
      ]),
    });
    expect(source.removed).toEqual(['b', 'd']);
  });

  test('leaves what this run has already put back, so that it ends', async () => {
    const source = new Rounds([item('a', { messages: 0, records: 1 })], [item('a'), item('#a0')]);
    expect(await run(source, createTarget())).toEqual({ ...none, putBack: 1, records: 1, again: 2 });
    expect(source.removed).toEqual(['a']);
  });

  test('counts what cannot be put back by its reason', async () => {
    const source = new Rounds([{ reason: 'odd' }, { reason: 'odd' }], [{ reason: 'lost' }]);
    const left = new Map([
      ['odd', 2],
      ['lost', 1],
    ]);
    expect(await run(source, createTarget())).toEqual({ ...none, left });
  });

  test('counts what could not be removed', async () => {
    const source = new Rounds([{ ...item('a'), handles: ['stuck'] }]);
    expect(await run(source, createTarget())).toMatchObject({ putBack: 1, unremoved: 1 });
  });

  test('reports its progress after each round', async () => {
    const reported: number[] = [];
    const progress = (counts: Counts): void => void reported.push(counts.putBack);
    await run(new Rounds([item('a')], [item('b'), item('c')]), createTarget(), { progress });
    expect(reported).toEqual([1, 3]);
  });

  test('releases what it holds when the stream fails', async () => {
    const source = new Rounds([item('a')]);
    const put = () => Promise.reject(new Error('no stream'));
    await expect(run(source, { ...createTarget(), put })).rejects.toThrow('no stream');
    expect([source.removed, source.released]).toEqual([[], 1]);
  });
});

import { describe, expect, test } from '@jest/globals';
import {
  putBack,
  type Counts,
  type Leftover,
  type Put,
  type Source,
  type Unusable,
} from '../../../operations/redrive/put-back.ts';

type Found = Leftover | Unusable;

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

const leftover = (name: string, records = 1): Leftover => ({
  puts: Array.from({ length: records }, (_, index) => ({ data: Buffer.from(`${name}${index}`), partitionKey: name })),
  identities: [name],
  handles: [name],
});

/** Accepts everything but what `refused` names; numbers are `#<data>`. */
const accepting =
  (log: string[], refused: readonly string[] = []): Put =>
  (records) => {
    const names = records.map(({ data }) => Buffer.from(data).toString());
    log.push(...names);
    return Promise.resolve(names.map((name) => (refused.includes(name) ? undefined : `#${name}`)));
  };

const run = (source: Source, put: Put, dryRun = false, progress: (counts: Counts) => void = () => undefined) =>
  putBack({ source, put, dryRun, progress });
const none = { putBack: 0, records: 0, again: 0, refused: 0, unremoved: 0, unusable: new Map() };

describe('putting back', () => {
  test('puts everything on the stream and removes it', async () => {
    const source = new Rounds([leftover('a'), leftover('b', 2)], [leftover('c')]);
    const log: string[] = [];
    expect(await run(source, accepting(log))).toEqual({ ...none, putBack: 3, records: 4 });
    expect(log).toEqual(['a0', 'b0', 'b1', 'c0']);
    expect(source.removed).toEqual(['a', 'b', 'c']);
    expect(source.released).toBe(1);
  });

  test('changes nothing in a dry run', async () => {
    const source = new Rounds([leftover('a'), { reason: 'odd' }]);
    const log: string[] = [];
    expect(await run(source, accepting(log), true)).toEqual({
      ...none,
      putBack: 1,
      records: 1,
      unusable: new Map([['odd', 1]]),
    });
    expect([log, source.removed, source.released]).toEqual([[], [], 1]);
  });

  test('removes nothing the stream has not accepted whole', async () => {
    const source = new Rounds([leftover('a', 2), leftover('b')]);
    expect(await run(source, accepting([], ['a1']))).toEqual({ ...none, putBack: 1, records: 1, refused: 1 });
    expect(source.removed).toEqual(['b']);
  });

  test('leaves what this run has already put back, so that it ends', async () => {
    const source = new Rounds([leftover('a')], [leftover('a'), leftover('#a0')]);
    expect(await run(source, accepting([]))).toEqual({ ...none, putBack: 1, records: 1, again: 2 });
    expect(source.removed).toEqual(['a']);
  });

  test('counts what cannot be put back by its reason', async () => {
    const source = new Rounds([{ reason: 'odd' }, { reason: 'odd' }], [{ reason: 'lost' }]);
    expect(await run(source, accepting([]))).toEqual({
      ...none,
      unusable: new Map([
        ['odd', 2],
        ['lost', 1],
      ]),
    });
  });

  test('counts what could not be removed', async () => {
    const source = new Rounds([{ ...leftover('a'), handles: ['stuck'] }]);
    expect(await run(source, accepting([]))).toMatchObject({ putBack: 1, unremoved: 1 });
  });

  test('tells its progress after each round', async () => {
    const told: number[] = [];
    await run(new Rounds([leftover('a')], [leftover('b'), leftover('c')]), accepting([]), false, (counts) =>
      told.push(counts.putBack),
    );
    expect(told).toEqual([1, 3]);
  });

  test('gives back what it holds when the stream fails', async () => {
    const source = new Rounds([leftover('a')]);
    await expect(run(source, () => Promise.reject(new Error('no stream')))).rejects.toThrow('no stream');
    expect([source.removed, source.released]).toEqual([[], 1]);
  });
});

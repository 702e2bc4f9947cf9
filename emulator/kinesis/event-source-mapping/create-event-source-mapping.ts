import type { CreateEventSourceMapping, EventSourceMappingOptions } from '../index.ts';
import type { StreamRecord } from './batch.ts';
import { batchLength } from './batch.ts';
import { deliverBatch } from './batch-delivery.ts';
import type { MappingSettings } from './mapping-settings.ts';
import { readMappingSettings } from './mapping-settings.ts';
import { ShardReader } from './shard-reader.ts';

/**
 * Milliseconds until a read that was refused is tried again: Lambda polls a shard once a second.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
 */
const problemPause = 1000;

/** Reads one shard and gives its records to the function, batch after batch, in order. */
class ShardPoller {
  readonly #shardId: string;
  readonly #settings: MappingSettings;
  readonly #options: EventSourceMappingOptions;
  readonly #reader: ShardReader;
  /** Records that were read but not delivered when reading was disabled. */
  #buffer: readonly StreamRecord[] = [];
  readonly #stopped = Promise.withResolvers<false>();
  #isStopped = false;
  #isEnabled = true;
  #isWoken = false;
  #running: Promise<void> | undefined;

  constructor(shardId: string, settings: MappingSettings, options: EventSourceMappingOptions) {
    this.#shardId = shardId;
    this.#settings = settings;
    this.#options = options;
    const [[, checkpoint] = []] = options.checkpoints?.load(shardId) ?? [];
    this.#reader = new ShardReader(shardId, settings, { call: options.call, after: checkpoint });
  }

  /** There may be something to read. */
  wake(): void {
    this.#isWoken = true;
    if (!this.#isEnabled) return;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
      if (this.#isWoken && !this.#isStopped) this.wake();
    });
  }

  setEnabled(isEnabled: boolean): void {
    this.#isEnabled = isEnabled;
    if (isEnabled) this.wake();
  }

  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#stopped.resolve(false);
    await this.idle();
  }

  async #run(): Promise<void> {
    let buffer = this.#buffer;
    while (!this.#isStopped) {
      this.#buffer = buffer;
      if (!this.#isEnabled) return;
      const { records, isDry } = await this.#fill(buffer);
      this.#buffer = [];
      if (records.length === 0) return;
      const length = batchLength(records, this.#settings.batchSize);
      await this.#deliver(records.slice(0, length));
      buffer = records.slice(length);
      if (buffer.length === 0 && isDry && !this.#isWoken) return;
    }
  }

  /** Reads until a batch is full, the shard has no more, and the window has passed. */
  async #fill(buffer: readonly StreamRecord[]): Promise<{ records: readonly StreamRecord[]; isDry: boolean }> {
    const records = [...buffer];
    const { batchSize, windowMilliseconds } = this.#settings;
    let hasWaited = windowMilliseconds === 0;
    while (records.length < batchSize) {
      this.#isWoken = false;
      const read = await this.#read(batchSize);
      records.push(...read);
      if (read.length > 0) continue;
      if (records.length === 0 || hasWaited) return { records, isDry: true };
      hasWaited = true;
      if (!(await this.#wait(windowMilliseconds))) return { records: [], isDry: true };
    }
    return { records, isDry: false };
  }

  async #read(limit: number): Promise<readonly StreamRecord[]> {
    do {
      try {
        return await this.#reader.read(limit);
      } catch (error) {
        this.#options.onProblem?.(error instanceof Error ? error : new Error(String(error)));
      }
    } while (await this.#wait(problemPause));
    return [];
  }

  async #deliver(batch: readonly StreamRecord[]): Promise<void> {
    await deliverBatch(batch, {
      shardId: this.#shardId,
      streamArn: this.#settings.streamArn,
      region: this.#options.region,
      roleArn: this.#options.roleArn,
      settings: this.#settings,
      options: this.#options,
      wait: (milliseconds) => this.#wait(milliseconds),
    });
    const last = batch.at(-1);
    if (last && !this.#isStopped) this.#options.checkpoints?.put(this.#shardId, last.SequenceNumber);
  }

  async #wait(milliseconds: number): Promise<boolean> {
    const { clock } = this.#options;
    const { promise, resolve } = Promise.withResolvers<true>();
    const cancel = clock.at(clock.now() + milliseconds, () => {
      resolve(true);
    });
    const result = await Promise.race([promise, this.#stopped.promise]);
    cancel();
    return result;
  }
}

/** Reads a stream and invokes a function with its records, as an AWS::Lambda::EventSourceMapping does. */
export const createEventSourceMapping: CreateEventSourceMapping = (options) => {
  const settings = readMappingSettings(options.properties);
  const pollers = new Map<string, ShardPoller>();
  let isEnabled = true;
  const poller = (shardId: string): ShardPoller => {
    const known = pollers.get(shardId) ?? new ShardPoller(shardId, settings, options);
    if (!pollers.has(shardId)) known.setEnabled(isEnabled);
    pollers.set(shardId, known);
    return known;
  };
  const forget = options.kinesis.onRecords(settings.streamArn, (shardId) => {
    poller(shardId).wake();
  });
  return {
    get isEnabled() {
      return isEnabled;
    },
    setEnabled: (enabled) => {
      isEnabled = enabled;
      for (const one of pollers.values()) one.setEnabled(enabled);
    },
    idle: async () => {
      for (const one of pollers.values()) await one.idle();
    },
    stop: async () => {
      forget();
      await Promise.all([...pollers.values()].map((one) => one.stop()));
    },
  };
};

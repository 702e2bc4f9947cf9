import * as z from 'zod/mini';
import { AwsFault, type Action } from './aws-server.ts';

const attributesSchema = z.optional(z.record(z.string(), z.string()));
const namesSchema = z.array(z.string());

/** A queue as the session functions see it. */
export interface FakeQueue {
  readonly url: string;
  attributes: Readonly<Record<string, string>>;
  /** Epoch seconds. */
  readonly created: number;
}

const host = 'https://sqs.eu-west-1.amazonaws.com/123456789012/';

/** SQS's queues without their messages; the clock in epoch milliseconds. */
export class QueuesFake {
  /** By name, in the order they were made. */
  readonly queues = new Map<string, FakeQueue>();
  /** How many queues a page has at most, whatever is asked for. */
  pageSize = 1000;
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  readonly actions: Readonly<Record<string, Action>> = {
    CreateQueue: ({ QueueName, Attributes }) => ({
      QueueUrl: this.add(String(QueueName), attributesSchema.parse(Attributes)).url,
    }),
    GetQueueUrl: ({ QueueName }) => ({ QueueUrl: this.#get(String(QueueName)).url }),
    DeleteQueue: ({ QueueUrl }) => {
      this.queues.delete(nameOf(this.#get(QueueUrl).url));
      return {};
    },
    SetQueueAttributes: ({ QueueUrl, Attributes }) => {
      const queue = this.#get(QueueUrl);
      queue.attributes = { ...queue.attributes, ...attributesSchema.parse(Attributes) };
      return {};
    },
    GetQueueAttributes: ({ QueueUrl, AttributeNames }) => {
      const { attributes, created } = this.#get(QueueUrl);
      const all = { ...attributes, CreatedTimestamp: String(created) };
      const asked = Object.entries(all).filter(([name]) => namesSchema.parse(AttributeNames).includes(name));
      return { Attributes: Object.fromEntries(asked) };
    },
    ListQueues: ({ QueueNamePrefix, MaxResults, NextToken }) => {
      const names = [...this.queues.keys()].filter((name) => name.startsWith(String(QueueNamePrefix)));
      const start = typeof NextToken === 'string' ? names.indexOf(NextToken) : 0;
      const end = start + Math.min(Number(MaxResults), this.pageSize);
      const urls = names.slice(start, end).map((name) => host + name);
      return { QueueUrls: urls, ...(names[end] !== undefined && { NextToken: names[end] }) };
    },
  };

  /** Makes a queue, or finds the one with the same name and attributes as CreateQueue does. */
  add(name: string, attributes: FakeQueue['attributes'] = {}, created = Math.floor(this.#now() / 1000)): FakeQueue {
    const found = this.queues.get(name);
    if (found && JSON.stringify(found.attributes) !== JSON.stringify(attributes)) throw new AwsFault('QueueNameExists');
    const queue = found ?? { url: host + name, attributes, created };
    this.queues.set(name, queue);
    return queue;
  }

  /** The session names that a queue's policy lets in. */
  opensTo(queueUrl: string): string[] {
    const policy = this.queues.get(nameOf(queueUrl))?.attributes['Policy'] ?? '';
    return [...policy.matchAll(/"AROAEXAMPLE:(\w+)"/g)].map(([, name = '']) => name);
  }

  #get(nameOrUrl: unknown): FakeQueue {
    const queue = this.queues.get(nameOf(String(nameOrUrl)));
    if (!queue) throw new AwsFault('QueueDoesNotExist');
    return queue;
  }
}

const nameOf = (url: string): string => url.slice(url.lastIndexOf('/') + 1);

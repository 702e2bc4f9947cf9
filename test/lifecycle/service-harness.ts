import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Session } from '../../client/shared/session.ts';
import { serviceContext } from '../tools/identities.ts';
import { clientOptions, request, settle, worstCase, worstMode } from '../tools/worst-case.ts';
import { startService, type ServiceOptions } from '../../operations/start/service.ts';
import { MovableClock } from 'aws-template-emulator';
import type { Emulator, EmulatorOptions } from 'aws-template-emulator';

export interface ApiAnswer<T = Readonly<Record<string, unknown>>> {
  readonly status: number;
  readonly body: T;
  readonly headers: Headers;
}

/** Orphans: queues and identities that no record names. */
export interface Orphans {
  readonly queues: readonly string[];
  readonly identities: readonly string[];
}

interface CleanupAnswer {
  readonly sessionsRemoved: number;
  readonly queuesRemoved: number;
  readonly identitiesRemoved: number;
  readonly complete: boolean;
}

export interface Removed {
  readonly sessions: number;
  readonly queues: number;
  readonly identities: number;
  readonly runs: number;
}

/** The parameter that asks for the page after this one; empty when this is the last. */
const nextOf = (page: { readonly NextToken?: string; readonly LastEvaluatedKey?: object }): object => {
  const { NextToken, LastEvaluatedKey: ExclusiveStartKey } = page;
  return { ...(NextToken && { NextToken }), ...(ExclusiveStartKey && { ExclusiveStartKey }) };
};

/** A clock that stands still: however slow the machine is, nothing times out. In the worst case time must pass, so the clock runs. */
const mode = (worst: boolean): Pick<EmulatorOptions, 'clock' | 'worstCase' | 'instantRetries'> =>
  worst ? worstMode() : { instantRetries: true, clock: new MovableClock({ standsAt: Date.now() }) };

const queueName = (url: string): string => url.slice(url.lastIndexOf('/') + 1);

/** The running service as a backend, a browser and an operator see it. */
export class ServiceHarness implements AsyncDisposable {
  readonly runtime: Emulator;

  constructor(runtime: Emulator) {
    this.runtime = runtime;
  }

  /**
   * @param context values for the synthesis
   * @param worst whether AWS is as bad as documented; as WORST_CASE says unless given
   */
  static async start(context: ServiceOptions['context'] = serviceContext, worst = worstCase): Promise<ServiceHarness> {
    return new ServiceHarness(await startService({ context, ...mode(worst) }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.runtime.stop();
  }

  async call<T = Readonly<Record<string, unknown>>>(path: string): Promise<ApiAnswer<T>> {
    const answer = await fetch(`${this.runtime.url}${path}`);
    return { status: answer.status, body: (await answer.json()) as T, headers: answer.headers };
  }

  /** @throws Error unless the session was created */
  async create(accountId: number, sessionId: string): Promise<Session> {
    const path = `/create/${accountId}/${encodeURIComponent(sessionId)}`;
    const { status, body } = await request(() => this.call<Session>(path));
    if (status !== 200) throw new Error(`create answered ${status} ${JSON.stringify(body)}`);
    return body;
  }

  /** Whether the keys read the queue; an error other than a refusal is thrown. */
  async keysWork({ sqsUrl, accessKey, secretKey, sessionToken }: Session): Promise<boolean> {
    const credentials = { accessKeyId: accessKey, secretAccessKey: secretKey, sessionToken };
    const { url: endpoint, clock } = this.runtime;
    const client = new SQSClient({ region: 'us-east-1', endpoint, credentials, ...clientOptions(clock) });
    try {
      await client.send(new ReceiveMessageCommand({ QueueUrl: sqsUrl, WaitTimeSeconds: 0, VisibilityTimeout: 0 }));
      return true;
    } catch (error) {
      const refusals = /AccessDenied|NonExistentQueue|QueueDoesNotExist|ExpiredToken|InvalidClientTokenId/;
      if (error instanceof Error && refusals.test(error.name)) return false;
      throw error;
    } finally {
      client.destroy();
    }
  }

  async orphans(): Promise<Orphans> {
    const [queues, identities, records] = await Promise.all([this.queues(), this.identities(), this.records()]);
    const named = new Set(records.flatMap(({ queueName: queue, identityId }) => [queue, identityId]));
    return {
      queues: queues.filter((queue) => !named.has(queue)),
      identities: identities.filter((identity) => !named.has(identity)),
    };
  }

  /** Moves the clock until what was changed holds, where that takes time. */
  settle(): void {
    settle(this.runtime.clock);
  }

  /** The names of all sessions' queues, once those that were deleted are gone. */
  async queues(): Promise<readonly string[]> {
    this.settle();
    const parameters = { QueueNamePrefix: 'brws-', MaxResults: 1000 };
    const pages = await this.#pages<{ QueueUrls?: readonly string[] }>('sqs', 'ListQueues', parameters);
    return pages.flatMap(({ QueueUrls = [] }) => QueueUrls.map(queueName));
  }

  async identities(): Promise<readonly string[]> {
    const parameters = { IdentityPoolId: this.runtime.outputs['IdentityPoolId'], MaxResults: 60 };
    const pages = await this.#pages<{ Identities: readonly { readonly IdentityId: string }[] }>(
      'cognito-identity',
      'ListIdentities',
      parameters,
    );
    return pages.flatMap(({ Identities }) => Identities.map(({ IdentityId }) => IdentityId));
  }

  async records(): Promise<readonly { readonly queueName: string; readonly identityId: string }[]> {
    type Text = { readonly S: string };
    const pages = await this.#pages<{ Items: readonly { readonly queueUrl: Text; readonly identityId: Text }[] }>(
      'dynamodb',
      'Scan',
      { TableName: this.runtime.outputs['SessionTableName'] },
    );
    return pages.flatMap(({ Items }) =>
      // One item is the cleanup's own.
      Items.filter((item) => 'queueUrl' in item).map(({ queueUrl, identityId }) => ({
        queueName: queueName(queueUrl.S),
        identityId: identityId.S,
      })),
    );
  }

  /** Every page of a listing. */
  async #pages<Page>(service: string, action: string, parameters: object): Promise<readonly Page[]> {
    const pages: Page[] = [];
    let next = {};
    do {
      const page = await this.runtime.ask(service, action, { ...parameters, ...next });
      pages.push(page as Page);
      next = nextOf(page);
    } while (Object.keys(next).length > 0);
    return pages;
  }

  /** Cleans up until a run says that it got through, at most ten runs; answers how much they removed. */
  async cleanUp(): Promise<Removed> {
    const removed = { sessions: 0, queues: 0, identities: 0, runs: 0 };
    while (removed.runs < 10) {
      removed.runs += 1;
      const { body } = await this.call<CleanupAnswer>('/cleanup');
      removed.sessions += body.sessionsRemoved;
      removed.queues += body.queuesRemoved;
      removed.identities += body.identitiesRemoved;
      if (body.complete) return removed;
    }
    throw new Error('The cleanup did not get through in ten runs');
  }
}

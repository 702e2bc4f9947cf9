import type { ConnectOptions, Events, Session, State } from '../../../client/browser/connect.ts';
import { connect } from '../../../client/browser/connect.ts';
import { FakeBrowser, type FakeTab } from './fake-browser.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeSqs } from './fake-sqs.ts';

export interface Message {
  readonly n: number;
}

/** A tab with a connection in it, and what happened there. */
export interface Client {
  readonly events: Events<Message>;
  readonly tab: FakeTab;
  readonly states: State[];
  /** The ids of the messages shown, in order. */
  readonly shown: string[];
}

/** A queue, a browser, and what the backend does when it is asked for new keys. */
export class ClientHarness {
  readonly clock = new FakeClock();
  readonly sqs = new FakeSqs(this.clock);
  readonly browser = new FakeBrowser(this.clock, this.sqs.fetch);
  readonly session: Session;
  renewals = 0;
  /** What is under test: the source, unless a test says otherwise. */
  connect = connect;
  /** Every change of state in any tab: "polling → paused". */
  readonly edges = new Set<string>();
  readonly #clients: Client[] = [];

  constructor(lifetime?: number) {
    this.session = this.sqs.session(lifetime);
  }

  readonly renew = (): Promise<Session> => {
    this.renewals++;
    return Promise.resolve(this.sqs.session());
  };

  open(options: Partial<ConnectOptions> = {}, tab = this.browser.tab()): Client {
    const { environment } = tab;
    const retry = (attempt: number): number => attempt * 100;
    const events = this.connect<Message>({ session: this.session, renew: this.renew, retry, environment, ...options });
    const client: Client = { events, tab, states: [events.state], shown: [] };
    events.addEventListener('statechange', ({ state, previous }) => {
      client.states.push(state);
      this.edges.add(`${previous.status} → ${state.status}`);
    });
    this.#clients.push(client);
    return client;
  }

  /** Opens a tab that shows every message. */
  show(options: Partial<ConnectOptions> = {}, tab?: FakeTab): Client {
    const client = this.open(options, tab);
    client.events.addEventListener('message', ({ id }) => client.shown.push(id));
    return client;
  }

  async close(): Promise<void> {
    for (const { events } of this.#clients) void events.close();
    await this.clock.advance(2_000);
  }
}

/** "polling/listening" and the like. */
export const named = ({ status, reason }: State): string => `${status}/${reason}`;

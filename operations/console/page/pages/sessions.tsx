/** @jsxImportSource preact */
import { useMemo, useRef, useState } from 'preact/hooks';
import { isNewQueue } from '../../../deployment/new-queue.ts';
import type { QueueState } from '../../../deployment/queues.ts';
import type { SessionSummary } from '../../../deployment/sessions.ts';
import { change, now, useAsk } from '../ask.ts';
import { Answered, Doing, Empty, spanOf, timeOf } from '../parts.tsx';
import { WindowedList } from '../windowed-list.tsx';

/** What waits in each queue, by its name; null for one that does not exist. */
type QueueStates = Readonly<Record<string, QueueState | null | undefined>>;

const queueName = ({ queueUrl }: SessionSummary): string => queueUrl.slice(queueUrl.lastIndexOf('/') + 1);

const ageHint =
  'CloudWatch has no age. It comes up to 15 minutes late, and messages that were received three times do not count.';

interface WaitingProps {
  readonly session: SessionSummary;
  /** Undefined until it is known. */
  readonly state: QueueState | null | undefined;
}

/** What waits in a session's queue. */
const Waiting = ({ session, state }: WaitingProps) => {
  if (state === undefined) return <span class="dim">…</span>;
  if (state === null && isNewQueue(session.createdAt, now())) return <span class="dim">new</span>;
  if (state === null) return <span class="problem">no queue</span>;
  const { waiting, inFlight, oldest } = state;
  if (waiting + inFlight === 0) return <span class="dim">empty</span>;
  return (
    <span>
      {waiting} waiting{inFlight > 0 && `, ${inFlight} in flight`}
      {', '}
      {oldest === undefined ? <span title={ageHint}>oldest ?</span> : `oldest ${spanOf(oldest)}`}
    </span>
  );
};

interface DetailProps extends WaitingProps {
  readonly onChange: () => void;
}

const Detail = ({ session, state, onChange }: DetailProps) => {
  const { accountId, sessionId, userId, expires } = session;
  const [text, setText] = useState('{"msg":"Hello"}');
  return (
    <aside class="detail" aria-label={`Session ${sessionId}`}>
      <h2>{sessionId}</h2>
      <dl>
        <dt>Account</dt>
        <dd>{accountId}</dd>
        <dt>User</dt>
        <dd>{userId ?? '–'}</dd>
        <dt>Keys expire</dt>
        <dd>{timeOf(expires * 1000)}</dd>
        <dt>Queue</dt>
        <dd>
          <code>{queueName(session)}</code> <Waiting session={session} state={state} />
        </dd>
      </dl>
      <label>
        Event to send
        <textarea
          rows={3}
          value={text}
          onInput={(event) => {
            setText(event.currentTarget.value);
          }}
        />
      </label>
      <p>
        <Doing
          label="Send"
          kind="primary"
          action={async () => {
            const message = JSON.parse(text) as object;
            const { messageId, delivered } = await change<{ messageId: string; delivered: number }>('notify', {
              accountId,
              sessionId,
              message,
            });
            return delivered > 0 ? `Delivered as ${messageId}.` : `Not delivered: see ${messageId} among the messages.`;
          }}
        />{' '}
        <Doing
          label="End session"
          kind="danger"
          question={`End session ${sessionId}? Its queue and what waits in it are gone.`}
          action={async () => {
            await change('destroy', { accountId, sessionId });
            onChange();
            return undefined;
          }}
        />
      </p>
    </aside>
  );
};

/** Names with numbers in them by their numbers: session-2 is before session-10. */
const { compare } = new Intl.Collator('en', { numeric: true });

const inOrder = (a: SessionSummary, b: SessionSummary): number =>
  a.accountId - b.accountId || compare(a.sessionId, b.sessionId);

const keyOf = ({ accountId, sessionId }: SessionSummary): string => `${accountId}/${sessionId}`;

/** What waits in the queues of sessions, asked again and again. */
const useQueueStates = (sessions: readonly SessionSummary[]): ((session: SessionSummary) => QueueStates[string]) => {
  const names = [...new Set(sessions.map(queueName))].join(' ');
  const { answer } = useAsk<QueueStates>('queues', { names });
  // While another part of the list is asked for, what is known of the last one stays.
  const known = useRef<QueueStates>({});
  if (answer) known.current = answer;
  return (session) => known.current[queueName(session)];
};

/** Sessions by account and user, without their keys. */
export const Sessions = () => {
  const [account, setAccount] = useState('');
  const [find, setFind] = useState('');
  const [selected, setSelected] = useState<string>();
  const asked = useAsk<readonly SessionSummary[]>('sessions', { account: /^-?\d+$/.test(account) ? account : '' });
  const sorted = useMemo(() => asked.answer?.toSorted(inOrder), [asked.answer]);
  const shown = sorted?.filter(
    ({ sessionId, userId }) => find === '' || sessionId.includes(find) || String(userId ?? '') === find,
  );
  const session = shown?.find((each) => keyOf(each) === selected);
  const [seen, setSeen] = useState<readonly SessionSummary[]>([]);
  const stateOf = useQueueStates(session ? [...seen, session] : seen);
  return (
    <>
      <header>
        <h1>Sessions</h1>
        <div class="tools">
          <input
            type="search"
            inputMode="numeric"
            placeholder="Account"
            aria-label="Account"
            value={account}
            onInput={(event) => {
              setAccount(event.currentTarget.value);
            }}
          />
          <input
            type="search"
            placeholder="Session or user"
            aria-label="Session or user"
            value={find}
            onInput={(event) => {
              setFind(event.currentTarget.value);
            }}
          />
        </div>
      </header>
      <Answered asked={asked}>
        {() =>
          shown?.length === 0 ? (
            <Empty>
              No sessions. Create one with sqs-browser create 12345 abc, or send a test event from the overview.
            </Empty>
          ) : (
            <div class="split">
              <WindowedList
                label="Sessions"
                kind="sessions"
                items={shown ?? []}
                rowHeight={44}
                keyOf={keyOf}
                onSeen={setSeen}
                row={(each) => {
                  const left = each.expires - now() / 1000;
                  return (
                    <button
                      class={`line ${keyOf(each) === selected ? 'selected' : ''}`}
                      onClick={() => {
                        setSelected(keyOf(each));
                      }}
                    >
                      <span>{each.accountId}</span>
                      <strong>{each.sessionId}</strong>
                      <span>{each.userId === undefined ? '' : `user ${each.userId}`}</span>
                      <span class={left > 0 ? 'dim' : 'warn'}>{left > 0 ? `${spanOf(left)} left` : 'expired'}</span>
                      <Waiting session={each} state={stateOf(each)} />
                    </button>
                  );
                }}
              />
              {session && <Detail key={selected} session={session} state={stateOf(session)} onChange={asked.again} />}
            </div>
          )
        }
      </Answered>
    </>
  );
};

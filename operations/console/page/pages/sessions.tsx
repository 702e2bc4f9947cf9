/** @jsxImportSource preact */
import { useMemo, useState } from 'preact/hooks';
import { mayBeNew } from '../../../deployment/new-queue.ts';
import type { QueueDepth, SessionSummary } from '../../../deployment/sessions.ts';
import { change, useAsk } from '../ask.ts';
import { Answered, Doing, Empty, spanOf, timeOf } from '../parts.tsx';
import { WindowedList } from '../windowed-list.tsx';

const Depth = ({ session }: { readonly session: SessionSummary }) => {
  const { answer, error } = useAsk<QueueDepth | null>('queue', { url: session.queueUrl });
  if (error !== undefined) return <span class="problem">{error}</span>;
  if (answer === undefined) return <span>…</span>;
  if (answer === null && mayBeNew(session.createdAt, Date.now())) return <span>new</span>;
  return answer === null ? (
    <span class="problem">no queue</span>
  ) : (
    <span>
      {answer.waiting} waiting, {answer.inFlight} in flight
    </span>
  );
};

const Detail = ({ session, onChange }: { readonly session: SessionSummary; readonly onChange: () => void }) => {
  const { accountId, sessionId, userId, queueUrl, expires } = session;
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
          <code>{queueUrl.split('/').at(-1)}</code> <Depth session={session} />
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
                row={(each) => {
                  const left = each.expires - Date.now() / 1000;
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
                    </button>
                  );
                }}
              />
              {session && <Detail key={selected} session={session} onChange={asked.again} />}
            </div>
          )
        }
      </Answered>
    </>
  );
};

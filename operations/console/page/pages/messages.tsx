/** @jsxImportSource preact */
import { useState } from 'preact/hooks';
import { counted } from '../../../counted.ts';
import type { MessageRow } from '../../../deployment/messages.ts';
import type { Trace } from '../../../deployment/trace.ts';
import { useAsk } from '../ask.ts';
import { Answered, Empty, timeOf } from '../parts.tsx';
import { WindowedList } from '../windowed-list.tsx';

const tones: Readonly<Record<MessageRow['outcome'], string>> = {
  delivered: 'good',
  'dead-lettered': 'bad',
  rejected: 'bad',
  'for nobody': 'warn',
};

const Way = ({ id }: { readonly id: string }) => {
  const asked = useAsk<Trace>('trace', { id });
  return (
    <aside class="detail" aria-label={`Message ${id}`}>
      <h2>
        <code>{id}</code>
      </h2>
      <Answered asked={asked}>
        {({ fate, steps, next }) => (
          <>
            <p>
              <strong>{fate}</strong>
            </p>
            {steps.length === 0 && <Empty>Neither the logs nor the stream know it.</Empty>}
            <ol class="way">
              {steps.map(({ at, where, what }, index) => (
                <li key={index}>
                  <span class="dim">{timeOf(at)}</span> <strong>{where}</strong>
                  <br />
                  {what}
                </li>
              ))}
            </ol>
            <p>Next: {next}</p>
          </>
        )}
      </Answered>
    </aside>
  );
};

/** A live list of messages, and one message's way by its id. */
export const Messages = ({ parameters }: { readonly parameters: URLSearchParams }) => {
  const selected = parameters.get('id') ?? '';
  const [find, setFind] = useState(selected);
  const asked = useAsk<readonly MessageRow[]>('messages', { since: '3600000' });
  const select = (id: string): void => {
    location.hash = `#/messages?id=${encodeURIComponent(id)}`;
  };
  return (
    <>
      <header>
        <h1>Messages</h1>
        <form
          class="tools"
          onSubmit={(event) => {
            event.preventDefault();
            select(find.trim());
          }}
        >
          <input
            type="search"
            placeholder="Message id"
            aria-label="Message id"
            value={find}
            onInput={(event) => {
              setFind(event.currentTarget.value);
            }}
          />
          <button>Trace</button>
        </form>
      </header>
      <div class="split">
        <Answered asked={asked}>
          {(rows) =>
            rows.length === 0 ? (
              <Empty>
                No messages in the last hour. Send one with sqs-browser notify, or a test event from the overview.
              </Empty>
            ) : (
              <WindowedList
                label="Messages"
                kind="messages"
                items={rows}
                rowHeight={44}
                keyOf={({ id }) => id}
                row={(row) => (
                  <button
                    class={`line ${row.messageId === selected ? 'selected' : ''}`}
                    onClick={() => {
                      select(row.messageId);
                    }}
                  >
                    <span class="dim">{timeOf(row.at)}</span>
                    <strong class={tones[row.outcome]}>{row.outcome}</strong>
                    <code>{row.messageId}</code>
                    <span>{row.reason ?? counted(row.sessions, 'session')}</span>
                  </button>
                )}
              />
            )
          }
        </Answered>
        {selected !== '' && <Way key={selected} id={selected} />}
      </div>
    </>
  );
};

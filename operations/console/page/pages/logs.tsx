/** @jsxImportSource preact */
import { useMemo, useState } from 'preact/hooks';
import { useAsk } from '../ask.ts';
import { Answered, Empty, Json, timeOf } from '../parts.tsx';
import { WindowedList } from '../windowed-list.tsx';

interface Line {
  readonly function: string;
  readonly timestamp: number;
  readonly message: string;
  readonly id: string;
}

const hidden = new Set(['level', 'message', 'timestamp', 'service', 'sampling_rate', 'xray_trace_id']);

const read = (message: string): { level: string; text: string } => {
  try {
    const fields = JSON.parse(message) as Readonly<Record<string, unknown>>;
    const rest = Object.entries(fields)
      .filter(([name]) => !hidden.has(name))
      .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
    const { level, message: code } = fields;
    return { level: typeof level === 'string' ? level : '', text: [code, ...rest].join('  ') };
  } catch {
    return { level: '', text: message };
  }
};

const tones: Readonly<Record<string, string>> = { ERROR: 'bad', WARN: 'warn', CRITICAL: 'bad' };

type Order = 'newest' | 'oldest';

interface LogLinesProps {
  readonly parameters: Readonly<Record<string, string>>;
  readonly live?: boolean;
  /** Which line is first. Default the newest. */
  readonly order?: Order;
}

/** Lines of functions' logs, and the whole of the one that was chosen. */
export const LogLines = ({ parameters, live = true, order = 'newest' }: LogLinesProps) => {
  const asked = useAsk<readonly Line[]>('logs', parameters, live);
  const [selected, setSelected] = useState<string>();
  const lines = useMemo(() => (order === 'newest' ? asked.answer?.toReversed() : asked.answer), [asked.answer, order]);
  const chosen = lines?.find(({ id }) => id === selected);
  return (
    <Answered asked={asked}>
      {() =>
        lines?.length === 0 ? (
          <Empty>No lines in this time.</Empty>
        ) : (
          <div class="split">
            <WindowedList
              label="Log lines"
              kind="lines"
              items={lines ?? []}
              rowHeight={32}
              keyOf={({ id }) => id}
              row={({ timestamp, function: name, message, id }) => {
                const { level, text } = read(message);
                return (
                  <button
                    class={`line log ${id === selected ? 'selected' : ''}`}
                    onClick={() => {
                      setSelected(id === selected ? undefined : id);
                    }}
                  >
                    <span class="dim">{timeOf(timestamp)}</span>
                    <span>{name}</span>
                    <strong class={tones[level]}>{level}</strong>
                    <code>{text}</code>
                  </button>
                );
              }}
            />
            {chosen && (
              <aside class="detail" aria-label="Log line">
                <h2>{chosen.function}</h2>
                <p class="dim">{new Date(chosen.timestamp).toISOString()}</p>
                <Json title="Line" text={chosen.message} />
              </aside>
            )}
          </div>
        )
      }
    </Answered>
  );
};

/** The functions' logs, by function and text. */
export const Logs = () => {
  const [name, setName] = useState('');
  const [grep, setGrep] = useState('');
  const [order, setOrder] = useState<Order>('newest');
  const functions = useAsk<readonly string[]>('functions', {}, false);
  return (
    <>
      <header>
        <h1>Logs</h1>
        <div class="tools">
          <select
            aria-label="Function"
            value={name}
            onChange={(event) => {
              setName(event.currentTarget.value);
            }}
          >
            <option value="">All functions</option>
            {(functions.answer ?? []).map((each) => (
              <option key={each} value={each}>
                {each}
              </option>
            ))}
          </select>
          <input
            type="search"
            placeholder="Text"
            aria-label="Text"
            value={grep}
            onInput={(event) => {
              setGrep(event.currentTarget.value);
            }}
          />
          <select
            aria-label="Order"
            value={order}
            onChange={(event) => {
              setOrder(event.currentTarget.value === 'oldest' ? 'oldest' : 'newest');
            }}
          >
            <option value="newest">newest first</option>
            <option value="oldest">oldest first</option>
          </select>
        </div>
      </header>
      <LogLines parameters={{ function: name, grep, since: '3600000' }} order={order} />
    </>
  );
};

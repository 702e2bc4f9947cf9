/** @jsxImportSource preact */
import { useState } from 'preact/hooks';
import { useAsk } from '../ask.ts';
import { Answered, Empty, timeOf } from '../parts.tsx';
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

/** Lines of functions' logs, the latest first. */
export const LogLines = ({
  parameters,
  live = true,
}: {
  readonly parameters: Readonly<Record<string, string>>;
  readonly live?: boolean;
}) => {
  const asked = useAsk<readonly Line[]>('logs', parameters, live);
  return (
    <Answered asked={asked}>
      {(lines) =>
        lines.length === 0 ? (
          <Empty>No lines.</Empty>
        ) : (
          <WindowedList
            label="Log lines"
            items={lines.toReversed()}
            rowHeight={32}
            keyOf={({ id }) => id}
            row={({ timestamp, function: name, message }) => {
              const { level, text } = read(message);
              return (
                <div class="line log" title={message}>
                  <span class="dim">{timeOf(timestamp)}</span>
                  <span>{name}</span>
                  <strong class={tones[level]}>{level}</strong>
                  <code>{text}</code>
                </div>
              );
            }}
          />
        )
      }
    </Answered>
  );
};

/** The functions' logs, by function and text. */
export const Logs = () => {
  const [name, setName] = useState('');
  const [grep, setGrep] = useState('');
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
        </div>
      </header>
      <LogLines parameters={{ function: name, grep, since: '3600000' }} />
    </>
  );
};

/** @jsxImportSource preact */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Asked } from './ask.ts';
import { messageOf } from './ask.ts';

/** `10:15:30` of today, with the date of another day. */
export const timeOf = (epochMilliseconds: number | undefined): string => {
  if (epochMilliseconds === undefined) return '–';
  const time = new Date(epochMilliseconds);
  const clock = time.toLocaleTimeString('en-GB');
  return time.toDateString() === new Date().toDateString() ? clock : `${time.toLocaleDateString('en-CA')} ${clock}`;
};

/** `3 h 5 min`, of seconds. */
export const spanOf = (seconds: number): string => {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
};

/** An answer when it is there, otherwise what is in its place. */
export const Answered = <Answer,>({
  asked,
  children,
}: {
  readonly asked: Asked<Answer>;
  readonly children: (answer: Answer) => ComponentChildren;
}) => (
  <>
    {asked.error !== undefined && (
      <p class="problem" role="alert">
        {asked.error} <button onClick={asked.again}>Try again</button>
      </p>
    )}
    {asked.answer !== undefined ? children(asked.answer) : asked.error === undefined && <p class="loading">Loading…</p>}
  </>
);

export const Empty = ({ children }: { readonly children: ComponentChildren }) => <p class="empty">{children}</p>;

/** JSON, indented where it is JSON. */
export const Json = ({ title, text }: { readonly title: string; readonly text: string | undefined }) => {
  if (text === undefined) return null;
  let shown = text;
  try {
    shown = JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    // It is shown as it is.
  }
  return (
    <details open>
      <summary>{title}</summary>
      <pre>{shown}</pre>
    </details>
  );
};

interface DoingProps {
  readonly label: string;
  /** Asked before it is done. */
  readonly question?: string;
  readonly action: () => Promise<string | undefined>;
  readonly kind?: 'primary' | 'danger';
}

/** A button that does something, says so while it does, and then what came of it. */
export const Doing = ({ label, question, action, kind }: DoingProps) => {
  const [state, setState] = useState<{ busy?: boolean; said?: string; failed?: boolean; asking?: boolean }>({});
  const run = async (): Promise<void> => {
    setState({ busy: true });
    try {
      const said = await action();
      setState(said === undefined ? {} : { said });
    } catch (error) {
      setState({ said: messageOf(error), failed: true });
    }
  };
  if (state.asking) {
    return (
      <span class="question" role="alertdialog" aria-label={question}>
        {question}{' '}
        <button class={kind} onClick={() => void run()}>
          Yes
        </button>{' '}
        <button
          onClick={() => {
            setState({});
          }}
        >
          No
        </button>
      </span>
    );
  }
  return (
    <span>
      <button
        class={kind}
        disabled={state.busy}
        onClick={() => {
          if (question === undefined) void run();
          else setState({ asking: true });
        }}
      >
        {state.busy ? `${label}…` : label}
      </button>
      {state.said !== undefined && (
        <span class={state.failed ? 'said problem' : 'said'} role="status">
          {state.said}
        </span>
      )}
    </span>
  );
};

/** @jsxImportSource preact */
import { useMemo, useState } from 'preact/hooks';
import { counted } from '../../../counted.ts';
import type { ExecutionEvent } from '../../../deployment/execution-events.ts';
import { useAsk } from '../ask.ts';
import { RunGraph } from '../graph.tsx';
import { Answered, Empty, Json, timeOf } from '../parts.tsx';
import type { Visit } from '../run-model.ts';
import { readCause, readVisits } from '../run-model.ts';
import { LogLines } from './logs.tsx';

interface RunAnswer {
  readonly definition: unknown;
  /** As its file is called. */
  readonly machine?: string;
  /** The functions' names as their folders are called, by their names on AWS. */
  readonly functions: Readonly<Record<string, string>>;
  readonly events: readonly ExecutionEvent[];
}

const ends: Readonly<Record<string, readonly [string, string]>> = {
  ExecutionSucceeded: ['succeeded', 'good'],
  ExecutionFailed: ['failed', 'bad'],
  ExecutionTimedOut: ['timed out', 'bad'],
  ExecutionAborted: ['aborted', 'bad'],
};

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Each state as a bar, beginning and ending when it did. */
const Timeline = ({
  visits,
  selected,
  onSelect,
}: {
  readonly visits: readonly Visit[];
  readonly selected: string | undefined;
  readonly onSelect: (state: string) => void;
}) => {
  const start = Math.min(...visits.map(({ entered }) => entered));
  const end = Math.max(...visits.map(({ entered, exited }) => exited ?? entered), start + 1);
  const share = (time: number): number => (100 * (time - start)) / (end - start);
  return (
    <ol class="timeline" aria-label="States in the order in which they were entered">
      {visits.map((visit, index) => {
        const length = (visit.exited ?? end) - visit.entered;
        const left = share(visit.entered);
        const retries = visit.attempts > 1 ? `, ${visit.attempts} attempts` : '';
        return (
          <li key={index}>
            <button
              class={visit.state === selected ? 'selected' : ''}
              onClick={() => {
                onSelect(visit.state);
              }}
            >
              <span class="name">{visit.state}</span>
              <span class="track">
                <span
                  class={`bar ${visit.status}`}
                  style={{ left: `${left}%`, width: `${Math.max(0.6, share(visit.exited ?? end) - left)}%` }}
                />
              </span>
              <span class="dim">{`${length} ms${retries}`}</span>
            </button>
          </li>
        );
      })}
    </ol>
  );
};

/** Errors that follow each other and say the same, as one. */
const grouped = (errors: Visit['errors']): readonly (Visit['errors'][number] & { readonly times: number })[] => {
  const groups: (Visit['errors'][number] & { times: number })[] = [];
  for (const each of errors) {
    const last = groups.at(-1);
    if (last?.error === each.error && last.cause === each.cause) last.times += 1;
    else groups.push({ ...each, times: 1 });
  }
  return groups;
};

const VisitDetail = ({ visit, functions }: { readonly visit: Visit } & Pick<RunAnswer, 'functions'>) => {
  const { state, status, errors, input, output, resource, entered, exited, iterations } = visit;
  const name = resource === undefined ? undefined : functions[resource];
  return (
    <aside class="detail" aria-label={`State ${state}`}>
      <h2>
        {state} <span class={`status ${status}`}>{status}</span>
      </h2>
      {iterations && (
        <p>{`${iterations.succeeded} of ${counted(iterations.total, 'item')} succeeded, ${iterations.failed} failed.`}</p>
      )}
      {grouped(errors).map(({ error, cause, at, times }) => (
        <p key={at} class="problem">
          <strong>{error}</strong> {cause}{' '}
          <span class="dim">{`${timeOf(at)}${times > 1 ? `, ${times} times` : ''}`}</span>
        </p>
      ))}
      {input === undefined && output === undefined && (
        <p class="dim">Inputs and outputs of this machine are not logged.</p>
      )}
      <Json title="Input" text={input} />
      <Json title="Output" text={output} />
      {name !== undefined && (
        <>
          <h3>Log of {name}</h3>
          <LogLines
            parameters={{ function: name, from: String(entered - 50), to: String((exited ?? Date.now()) + 1_000) }}
            live={exited === undefined}
          />
        </>
      )}
    </aside>
  );
};

const RunView = ({ definition, events, functions }: RunAnswer) => {
  const visits = useMemo(() => readVisits(events), [events]);
  const last = events.findLast(({ type }) => type in ends);
  // Where it failed first is the cause; what follows only says so.
  const worst = visits.findLast(({ errors }) => errors.length > 0) ?? visits.find(({ status }) => status === 'failed');
  const [chosen, setChosen] = useState<string>();
  const selected = chosen ?? (last?.type === 'ExecutionSucceeded' ? undefined : worst?.state);
  const visit = visits.findLast(({ state }) => state === selected);
  const [outcome, tone] = ends[last?.type ?? ''] ?? ['running', 'warn'];
  const first = events[0];
  return (
    <>
      <p>
        <strong class={tone}>{outcome}</strong>{' '}
        <span class="dim">
          {timeOf(first?.timestamp)}
          {first && last ? `, ${last.timestamp - first.timestamp} ms` : ''}
        </span>
      </p>
      {last?.details['error'] !== undefined && (
        <p class="problem">
          <strong>{text(last.details['error'])}</strong> {readCause(text(last.details['cause']))}
          {worst && <span> in “{worst.state}”</span>}
        </p>
      )}
      <div class="split run">
        <div>
          <div class="graph-frame">
            <RunGraph definition={definition} visits={visits} selected={selected} onSelect={setChosen} />
          </div>
          <Timeline visits={visits} selected={selected} onSelect={setChosen} />
        </div>
        {visit ? (
          <VisitDetail key={`${visit.state}${visit.entered}`} visit={visit} functions={functions} />
        ) : (
          <p class="dim">Choose a state to see its input, output and log.</p>
        )}
      </div>
    </>
  );
};

/** One run as the machine's graph, a timeline, and what is known of the state that is chosen. */
export const RunPage = ({ parameters }: { readonly parameters: URLSearchParams }) => {
  const arn = parameters.get('arn') ?? '';
  const asked = useAsk<RunAnswer>('run', { arn, at: parameters.get('at') ?? '' });
  return (
    <>
      <header>
        <h1>{asked.answer?.machine ?? 'Run'}</h1>
        <div class="tools">
          <a href="#/runs">All runs</a>
        </div>
      </header>
      <p class="dim">
        <code>{arn}</code>
      </p>
      {parameters.get('message') !== null && (
        <p class="good">
          The event went through this run into the queue of the session console-test:{' '}
          <a href="#/sessions">see it waiting there</a>, or{' '}
          <a href={`#/messages?id=${encodeURIComponent(parameters.get('message') ?? '')}`}>trace it</a>.
        </p>
      )}
      <Answered asked={asked}>
        {(answer) =>
          answer.events.length === 0 ? <Empty>Nothing was logged of this run.</Empty> : <RunView {...answer} />
        }
      </Answered>
    </>
  );
};

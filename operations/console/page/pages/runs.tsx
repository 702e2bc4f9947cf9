/** @jsxImportSource preact */
import { useState } from 'preact/hooks';
import type { Machine } from '../../../deployment/machines.ts';
import type { Run, RunStatus } from '../../../deployment/runs.ts';
import { useAsk } from '../ask.ts';
import { Answered, Empty, timeOf } from '../parts.tsx';
import type { RunFilters } from '../use-runs.ts';
import { useRuns } from '../use-runs.ts';
import { WindowedList } from '../windowed-list.tsx';

export const outcomes: Readonly<Record<RunStatus, readonly [string, string]>> = {
  SUCCEEDED: ['succeeded', 'good'],
  FAILED: ['failed', 'bad'],
  TIMED_OUT: ['timed out', 'bad'],
  ABORTED: ['aborted', 'bad'],
  RUNNING: ['running', 'warn'],
};

/** The address of a run's page. */
export const runLink = ({ arn, started, ended }: Run): string =>
  `#/run?arn=${encodeURIComponent(arn)}&at=${started ?? ended ?? 0}`;

const times = [
  ['15 min', '900000'],
  ['1 h', '3600000'],
  ['24 h', '86400000'],
] as const;

interface FiltersProps {
  readonly filters: RunFilters;
  readonly setFilters: (filters: RunFilters) => void;
  readonly machines: readonly Machine[];
}

const Filters = ({ filters, setFilters, machines }: FiltersProps) => (
  <div class="tools">
    <select
      aria-label="Machine"
      value={filters.machine}
      onChange={(event) => {
        setFilters({ ...filters, machine: event.currentTarget.value });
      }}
    >
      <option value="">All machines</option>
      {machines.map(({ shortName }) => (
        <option key={shortName} value={shortName}>
          {shortName}
        </option>
      ))}
    </select>
    <select
      aria-label="Time"
      value={filters.since}
      onChange={(event) => {
        setFilters({ ...filters, since: event.currentTarget.value });
      }}
    >
      {times.map(([label, value]) => (
        <option key={value} value={value}>
          last {label}
        </option>
      ))}
    </select>
    <label class="check">
      <input
        type="checkbox"
        checked={filters.failed === 'true'}
        onChange={(event) => {
          setFilters({ ...filters, failed: String(event.currentTarget.checked) });
        }}
      />{' '}
      failed only
    </label>
  </div>
);

/** Runs by machine, outcome and time. */
export const Runs = ({ parameters }: { readonly parameters: URLSearchParams }) => {
  const [filters, setFilters] = useState<RunFilters>({
    machine: parameters.get('machine') ?? '',
    failed: 'false',
    since: '3600000',
  });
  const machines = useAsk<readonly Machine[]>('machines', {}, false);
  const asked = useRuns(filters);
  return (
    <>
      <header>
        <h1>Runs</h1>
        <Filters {...{ filters, setFilters, machines: machines.answer ?? [] }} />
        {asked.answer && asked.answer.length > 0 && (
          <span class="dim">{`${asked.answer.length === 1 ? '1 run' : `${asked.answer.length.toLocaleString('en')} runs`}; older ones come as you scroll`}</span>
        )}
      </header>
      <Answered asked={asked}>
        {(runs) =>
          runs.length === 0 ? (
            <Empty>
              No runs were logged in this time. Runs of dispatch are logged only when they fail, unless the stack is
              deployed with logRuns=all.
            </Empty>
          ) : (
            <WindowedList
              label="Runs"
              kind="runs"
              items={runs}
              onEnd={asked.more}
              rowHeight={44}
              keyOf={({ arn }) => arn}
              row={(run) => {
                const [outcome, tone] = outcomes[run.status];
                return (
                  <a class="line" href={runLink(run)}>
                    <span class="dim">{timeOf(run.started ?? run.ended)}</span>
                    <strong class={tone}>{outcome}</strong>
                    <span>{run.machine}</span>
                    <span class="dim">
                      {run.started === undefined || run.ended === undefined ? '' : `${run.ended - run.started} ms`}
                    </span>
                    <span class="bad">{run.error ?? ''}</span>
                  </a>
                );
              }}
            />
          )
        }
      </Answered>
    </>
  );
};

/** @jsxImportSource preact */
import { useState } from 'preact/hooks';
import { counted } from '../../../counted.ts';
import type { MetricSeries } from '../../../deployment/metrics.ts';
import type { Run } from '../../../deployment/runs.ts';
import type { OverviewAnswer, TimeRange } from '../../overview.ts';
import { ask, change, useAsk } from '../ask.ts';
import { Answered, Doing, timeOf } from '../parts.tsx';
import { runLink } from './runs.tsx';

const total = ({ values }: MetricSeries): number => values.reduce((sum, value) => sum + value, 0);

const latest = ({ values }: MetricSeries): string => {
  const value = values.at(-1);
  return value === undefined ? '–' : `${Math.round(value)} ms`;
};

/** A bar for each period in which something was counted, without axes: how much is beside it in figures. */
const Bars = ({
  series,
  range,
  label,
}: {
  readonly series: MetricSeries;
  readonly range: TimeRange;
  readonly label: string;
}) => {
  const max = Math.max(1, ...series.values);
  const length = range.until - range.since;
  const width = Math.max(0.8, (100_000 * range.periodSeconds) / length - 0.3);
  return (
    <svg class="bars" viewBox="0 0 100 30" preserveAspectRatio="none" role="img" aria-label={label}>
      {series.values.map((value, index) => {
        const x = Math.max(0, (100 * ((series.times[index] ?? range.since) - range.since)) / length);
        const height = value === 0 ? 0 : Math.max(1.5, (28 * value) / max);
        return <rect key={x} x={Math.min(x, 100 - width)} y={29 - height} width={width} height={height} />;
      })}
    </svg>
  );
};

interface StationProps {
  readonly name: string;
  readonly count: string | number;
  readonly what: string;
  readonly href?: string;
  readonly series?: MetricSeries;
  readonly range?: TimeRange;
  readonly tone?: 'bad';
}

const Station = ({ name, count, what, href, series, range, tone }: StationProps) => {
  const inner = (
    <>
      <span class="name">{name}</span>
      <strong class={tone}>{count}</strong>
      <span class="what">{what}</span>
      {series && range && <Bars series={series} range={range} label={`${name} over time`} />}
    </>
  );
  return href === undefined ? (
    <div class="station">{inner}</div>
  ) : (
    <a class="station" href={href}>
      {inner}
    </a>
  );
};

const Arrow = () => <span class="arrow" aria-hidden="true" />;

/** The account of the session that a test event goes to: no application has it. */
const testAccount = 999_999_999;

const testSession = 'console-test';

/** Opens a session, sends it an event, and finds the run that took it there. */
const sendTestEvent = async (): Promise<{ messageId: string; run: Run | undefined }> => {
  await change('create', { accountId: testAccount, sessionId: testSession });
  const from = Date.now();
  const { messageId } = await change<{ messageId: string }>('notify', {
    accountId: testAccount,
    message: { msg: 'Hello from the console', at: new Date().toISOString() },
  });
  const since = String(Date.now() - from + 1_000);
  for (let look = 0; look < 10; look += 1) {
    const [run] = await ask<readonly Run[]>('runs', { machine: 'dispatch', limit: '1', since });
    if (run && run.status !== 'RUNNING') return { messageId, run };
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  return { messageId, run: undefined };
};

const ranges = [
  ['15 min', 900_000],
  ['1 h', 3_600_000],
  ['6 h', 21_600_000],
  ['24 h', 86_400_000],
] as const;

const Picture = (answer: OverviewAnswer) => {
  const { metrics, range, sessions, undelivered, rejected, failedBatches, alarms } = answer;
  const waiting = undelivered + rejected + failedBatches;
  return (
    <>
      <section class="architecture" aria-label="What events pass, with counts">
        <Station
          name="In"
          count={total(metrics.messagesReceived)}
          what="from the stream and by notify"
          {...{ series: metrics.messagesReceived, range }}
          href="#/messages"
        />
        <Arrow />
        <Station
          name="Routed"
          count={total(metrics.messagesRouted)}
          what={`sessions reached: ${total(metrics.sessionsTargeted)}`}
          {...{ series: metrics.messagesRouted, range }}
          href="#/runs?machine=dispatch"
        />
        <Arrow />
        <Station
          name="Delivered"
          count={total(metrics.messagesDelivered)}
          what={`p50 ${latest(metrics.latencyP50)}, p99 ${latest(metrics.latencyP99)}`}
          {...{ series: metrics.messagesDelivered, range }}
          href="#/messages"
        />
        <Arrow />
        <Station name="Sessions" count={sessions} what="each a queue that its browser polls" href="#/sessions" />
      </section>
      <section class="architecture aside" aria-label="What did not arrive">
        <Station
          name="Dead letters"
          count={waiting}
          what={`wait: ${undelivered} undelivered, ${rejected} rejected, ${counted(failedBatches, 'failed batch', 'failed batches')}`}
          href="#/dead-letters"
          {...(waiting > 0 && { tone: 'bad' as const })}
        />
        <Station
          name="Rejected"
          count={total(metrics.recordsRejected)}
          what="records that are no messages"
          href="#/dead-letters"
          {...{ series: metrics.recordsRejected, range }}
        />
        <Station
          name="Alarms"
          count={alarms.length}
          what={alarms.length === 0 ? 'none has gone off' : alarms.map(({ name }) => name).join(', ')}
          href="#/alarms"
          {...(alarms.length > 0 && { tone: 'bad' as const })}
        />
      </section>
    </>
  );
};

/** The architecture as a picture with live counts, and the button that shows how an event goes through it. */
export const Overview = () => {
  const [range, setRange] = useState<number>(3_600_000);
  const asked = useAsk<OverviewAnswer>('overview', { since: String(range) });
  return (
    <>
      <header>
        <h1>Overview</h1>
        <div class="tools" role="group" aria-label="Time range">
          {ranges.map(([label, length]) => (
            <button
              key={label}
              aria-pressed={range === length}
              onClick={() => {
                setRange(length);
              }}
            >
              {label}
            </button>
          ))}
        </div>
      </header>
      <p>
        <Doing
          label="Send a test event"
          kind="primary"
          action={async () => {
            const { messageId, run } = await sendTestEvent();
            if (run) {
              location.hash = `${runLink(run)}&message=${encodeURIComponent(messageId)}`;
              return undefined;
            }
            location.hash = `#/messages?id=${encodeURIComponent(messageId)}`;
            return undefined;
          }}
        />{' '}
        <span class="hint">opens a session, sends it an event and shows the run that delivers it</span>
      </p>
      <Answered asked={asked}>
        {(answer) => (
          <>
            <Picture {...answer} />
            {answer.keptFor > 0 && (
              <p>
                <Doing
                  label="Refresh"
                  action={async () => {
                    await ask('overview', { since: String(range), fresh: 'true' });
                    asked.again();
                    return undefined;
                  }}
                />{' '}
                <span class="hint">
                  {`Counts of ${timeOf(answer.range.until)}, read again every ${answer.keptFor} s: AWS charges for each metric.`}
                </span>
              </p>
            )}
          </>
        )}
      </Answered>
    </>
  );
};

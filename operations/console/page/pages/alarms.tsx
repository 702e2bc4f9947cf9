/** @jsxImportSource preact */
import type { AlarmSummary } from '../../../deployment/alarms.ts';
import { useAsk } from '../ask.ts';
import { Answered, Empty, timeOf } from '../parts.tsx';

const states: Readonly<Record<AlarmSummary['state'], readonly [string, string]>> = {
  OK: ['OK', 'good'],
  ALARM: ['gone off', 'bad'],
  INSUFFICIENT_DATA: ['no data', 'warn'],
};

/** Each alarm with what to do about it. */
export const Alarms = () => {
  const asked = useAsk<readonly AlarmSummary[]>('alarms');
  return (
    <>
      <header>
        <h1>Alarms</h1>
      </header>
      <Answered asked={asked}>
        {(alarms) =>
          alarms.length === 0 ? (
            <Empty>The stack has no alarms.</Empty>
          ) : (
            <ul class="alarms">
              {alarms.map(({ name, alarmName, state, description, reason, since, advice }) => {
                const [word, tone] = states[state];
                return (
                  <li key={alarmName} class={tone}>
                    <h2>
                      {name} <span class={`status ${tone}`}>{word}</span>
                    </h2>
                    <p>{description}.</p>
                    {state === 'ALARM' && (
                      <p class="problem">
                        Since {timeOf(since)}: {reason}
                      </p>
                    )}
                    {advice.length > 0 && (
                      <details open={state === 'ALARM'}>
                        <summary>What to do</summary>
                        <ol>
                          {advice.map((step) => (
                            <li key={step}>{step}</li>
                          ))}
                        </ol>
                      </details>
                    )}
                  </li>
                );
              })}
            </ul>
          )
        }
      </Answered>
    </>
  );
};

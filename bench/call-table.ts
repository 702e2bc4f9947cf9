import type { CountedScenario } from './counted-scenario.ts';
import { byService } from './least-calls.ts';

/** One scenario's calls to one service. */
export interface CallRow {
  readonly scenario: string;
  readonly service: string;
  /** For 1,000 deliveries. */
  readonly calls: number;
  readonly least: number;
  /** Calls as a multiple of the least possible. */
  readonly multiple: number;
}

/** AWS calls by service for 1,000 deliveries, including those of the benchmark's own producers and pollers. */
export const callRows = ({ scenario, deliveries, calls, least }: CountedScenario): readonly CallRow[] =>
  Object.entries(byService(calls)).flatMap(([service, count]) => {
    const possible = least[service];
    if (possible === undefined) return [];
    const per = (number: number): number => Number(((number / deliveries) * 1000).toFixed(2));
    return [
      { scenario, service, calls: per(count), least: per(possible), multiple: Number((count / possible).toFixed(2)) },
    ];
  });

/** The rows as text, in columns. */
export const callTable = (counted: readonly CountedScenario[]): string =>
  counted
    .map((scenario) => {
      const rows = callRows(scenario).map(
        ({ service, calls, least, multiple }) =>
          `  ${service.padEnd(10)} ${String(calls).padStart(9)}   least ${String(least).padStart(9)}   times ${multiple}`,
      );
      return [`calls for 1,000 deliveries: ${scenario.scenario}`, ...rows].join('\n');
    })
    .join('\n');

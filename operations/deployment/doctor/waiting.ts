import { counted } from '../../counted.ts';
import { listAlarms } from '../alarms.ts';
import { countWaiting } from '../change-dead-letters.ts';
import { placesOf } from '../dead-letters.ts';
import type { Check } from './finding.ts';
import { ok, problem, warning } from './finding.ts';

export const checkDeadLetters: Check = async ({ deployment }) => {
  const waiting = await Promise.all(
    placesOf(deployment).map(async (place) => [place, await countWaiting(deployment, place)] as const),
  );
  const filled = waiting.filter(([, count]) => count > 0).map(([place, count]) => `${place} ${count}`);
  return filled.length === 0
    ? ok('dead letters', 'Nothing waits')
    : warning('dead letters', `What waits: ${filled.join(', ')}`, 'Look at them: sqs-browser dead-letters list.');
};

export const checkAlarms: Check = async ({ deployment }) => {
  const alarms = await listAlarms(deployment);
  const off = alarms.filter(({ state }) => state === 'ALARM');
  if (off.length === 0) return ok('alarms', `${counted(alarms.length, 'alarm')}, none has gone off`);
  return off.map(({ name, reason, advice }) =>
    problem('alarms', `${name}: ${reason}`, advice[0] ?? 'See docs/operating.md.'),
  );
};

import { listAlarms } from '../alarms.ts';
import { placesOf, queueUrlOf } from '../dead-letters.ts';
import { queueDepth } from '../queues.ts';
import type { Check } from './finding.ts';
import { ok, problem, warning } from './finding.ts';

export const checkDeadLetters: Check = async ({ deployment }) => {
  const waiting = await Promise.all(
    placesOf(deployment).map(async (place) =>
      place === 'failed-batches' ? 0 : ((await queueDepth(deployment, queueUrlOf(deployment, place)))?.waiting ?? 0),
    ),
  );
  const count = waiting.reduce((sum, number) => sum + number, 0);
  return count === 0
    ? ok('dead letters', 'Nothing waits')
    : warning('dead letters', `${count} wait`, 'Look at them: sqs-browser dead-letters list.');
};

export const checkAlarms: Check = async ({ deployment }) => {
  const alarms = await listAlarms(deployment);
  const off = alarms.filter(({ state }) => state === 'ALARM');
  if (off.length === 0) return ok('alarms', `${alarms.length} alarms, none of them has gone off`);
  return off.map(({ name, reason, advice }) =>
    problem('alarms', `${name}: ${reason}`, advice[0] ?? 'See docs/operating.md.'),
  );
};

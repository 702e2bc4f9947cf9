import * as z from 'zod/mini';
import { listAlarms } from '../deployment/alarms.ts';
import { discardDeadLetters, redriveDeadLetters } from '../deployment/change-dead-letters.ts';
import { listDeadLetters, places, placesOf } from '../deployment/dead-letters.ts';
import type { Deployment } from '../deployment/deployment.ts';
import { functionGroups, readLatestLines } from '../deployment/logs.ts';
import { listMachines, readDefinition } from '../deployment/machines.ts';
import { listMessages } from '../deployment/messages.ts';
import { redactMembers } from '../deployment/redact.ts';
import { listRuns, readRunEvents } from '../deployment/runs.ts';
import { listSessions } from '../deployment/sessions.ts';
import { traceMessage } from '../deployment/trace.ts';
import { overview } from './overview.ts';
import { queueStates } from './queue-states.ts';

/** A question the page asks: what it is called, its parameters as texts, and the answer. */
type Question = (deployment: Deployment, parameters: Readonly<Record<string, string>>) => Promise<unknown>;

const number = (text: string | undefined, byDefault: number): number => {
  const value = Number(text ?? NaN);
  return Number.isFinite(value) ? value : byDefault;
};

const hour = 3_600_000;

/** Milliseconds back from now. */
const lengthOf = ({ since }: Readonly<Record<string, string>>, byDefault = hour): number =>
  Math.min(number(since, byDefault), 14 * 24 * hour);

const sinceOf = ({ now }: Deployment, parameters: Readonly<Record<string, string>>, byDefault = hour): number =>
  now() - lengthOf(parameters, byDefault);

const sessions: Question = async (deployment, { account }) => {
  const found = [];
  const accountId = account === undefined || account === '' ? undefined : Number(account);
  for await (const page of listSessions(deployment, { accountId })) {
    found.push(...page);
    if (found.length >= 10_000) break;
  }
  return found;
};

const deadLetters: Question = async (deployment) =>
  (await Promise.all(placesOf(deployment).map((place) => listDeadLetters(deployment, place)))).flat();

const run: Question = async (deployment, { arn = '', at }) => {
  const machine = listMachines(deployment).find(({ name }) => arn.includes(`:${name}:`));
  const [events, definition] = await Promise.all([
    readRunEvents(deployment, arn, number(at, deployment.now())),
    machine ? readDefinition(deployment, machine.arn) : undefined,
  ]);
  const functions = deployment.service.functions.map(({ physicalId, name }) => [physicalId, name] as const);
  return {
    definition,
    machine: machine?.shortName,
    functions: Object.fromEntries<string>(functions),
    events: events.map((event) => ({ ...event, details: redactMembers(event.details) })),
  };
};

/** The lines of all functions, or of one, the latest last. */
const logs: Question = async (deployment, { function: only, grep, ...parameters }) => {
  const since =
    parameters['from'] === undefined ? sinceOf(deployment, parameters, hour / 4) : Number(parameters['from']);
  const until = parameters['to'] === undefined ? undefined : Number(parameters['to']);
  const pattern = grep === undefined || grep === '' ? undefined : `"${grep.replaceAll('"', String.raw`\"`)}"`;
  const groups = [...functionGroups(deployment)].filter(([name]) => only === undefined || only === '' || name === only);
  const found = await Promise.all(
    groups.map(async ([name, group]) => {
      const lines = await readLatestLines(deployment, { group, since, until, pattern }, 2_000);
      return lines
        .filter(({ message }) => !message.startsWith('{"_aws"'))
        .map(({ timestamp, message, id }) => ({ function: name, timestamp, message, id }));
    }),
  );
  return found.flat().sort((a, b) => a.timestamp - b.timestamp);
};

/** Queues in one question: those of the sessions that are seen. */
const maxQueues = 200;

/** What the page may ask, by the last part of the address. */
export const questions: Readonly<Record<string, Question>> = {
  overview: (deployment, { fresh, ...parameters }) =>
    overview(deployment, { length: lengthOf(parameters), isFresh: fresh === 'true' }),
  sessions,
  run,
  logs,
  'dead-letters': deadLetters,
  deployment: ({ stack, service, constructs, region, endpoint }) =>
    Promise.resolve({ stack: stack.name, construct: service.construct, constructs, region, endpoint }),
  queues: (deployment, { names = '' }) => queueStates(deployment, names.split(' ').filter(Boolean).slice(0, maxQueues)),
  machines: (deployment) => Promise.resolve(listMachines(deployment)),
  functions: (deployment) => Promise.resolve([...functionGroups(deployment).keys()]),
  messages: (deployment, parameters) => listMessages(deployment, sinceOf(deployment, parameters)),
  trace: (deployment, { id = '', ...parameters }) =>
    traceMessage(deployment, id, sinceOf(deployment, parameters, 24 * hour)),
  runs: async (deployment, { machine, failed, limit, until, ...parameters }) => {
    const found = await listRuns(deployment, {
      ...{ machine: machine === '' ? undefined : machine, failed: failed === 'true' },
      ...{ since: sinceOf(deployment, parameters), limit: number(limit, 500) },
      ...(until !== undefined && { until: number(until, deployment.now()) }),
    });
    // A list shows the error's name; its cause is with the run itself.
    return found.map((each) => ({ ...each, cause: undefined }));
  },
  alarms: (deployment) => listAlarms(deployment),
};

const placeSchema = z.enum(places);

const sessionSchema = z.object({ accountId: z.int(), sessionId: z.string() });

const redriveSchema = z.object({
  place: placeSchema,
  dryRun: z.boolean(),
  messageIds: z.optional(z.array(z.string())),
});

const eventSchema = z.object({
  accountId: z.int(),
  sessionId: z.optional(z.string()),
  userId: z.optional(z.int()),
  message: z.record(z.string(), z.unknown()),
});

/** What the page may change, by the last part of the address. @throws z.core.$ZodError for a body that is not right */
export const changes: Readonly<Record<string, (deployment: Deployment, body: unknown) => Promise<unknown>>> = {
  create: async ({ api }, body) => {
    const { accountId, sessionId, expires } = await api.createSession(sessionSchema.parse(body));
    return { accountId, sessionId, expires };
  },
  destroy: async ({ api }, body) => {
    await api.destroySession(sessionSchema.parse(body));
    return { destroyed: true };
  },
  notify: ({ api }, body) => {
    const { message, accountId, sessionId, userId } = eventSchema.parse(body);
    const target = {
      accountId,
      ...(sessionId !== undefined && { sessionId }),
      ...(userId !== undefined && { userId }),
    };
    return api.notify(target, message);
  },
  redrive: async (deployment, body) => {
    const counts = await redriveDeadLetters(deployment, redriveSchema.parse(body));
    return { ...counts, left: Object.fromEntries(counts.left) };
  },
  discard: async (deployment, body) => ({
    discarded: await discardDeadLetters(deployment, z.object({ place: placeSchema }).parse(body).place),
  }),
};

import type { Access, TemporaryCredentials } from './access/index.ts';
import { roleSession } from './access/index.ts';
import { neverAborted } from './calls.ts';
import { MovableClock } from './clock.ts';
import type { Owner } from './persistence/database.ts';
import type { Faults } from './faults.ts';
import type { Interceptors } from './interceptors.ts';
import type { FunctionLogs } from './lambda/function-logs.ts';
import type { Functions } from './lambda/functions.ts';
import type { EmulatorOptions } from './options.ts';
import type { StartContext } from './parts.ts';
import { openState } from './persistence/open-state.ts';
import type { State } from './persistence/state.ts';
import { noState } from './persistence/state.ts';
import { createParts, serveParts, startBackground } from './parts.ts';
import { openServer } from './server.ts';
import type { CallRecord, Parameters } from './service.ts';
import type { ExecutionRecord } from './step-functions/executions.ts';
import { readSynthesis } from './template/read-synthesis.ts';

type Subscribe<T> = (listener: (value: T) => void) => () => void;

/** The configuration of an SDK client. */
export interface ClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Milliseconds the emulator's clock is ahead of the machine's when this is read: requests are signed with its time. */
  readonly systemClockOffset: number;
}

/** A running stack. */
export interface Emulator {
  /** http://127.0.0.1:4000, without a slash at its end: the endpoint of every AWS service and the URL of the API. */
  readonly url: string;
  readonly stackName: string;
  /** The stack's outputs. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly clock: MovableClock;
  /** Configures an SDK client as the administrator: `new SQSClient(emulator.clientConfig)`. */
  readonly clientConfig: ClientConfig;
  /**
   * Makes an AWS call as the administrator, without HTTP: for tests that make thousands.
   * @param service as in permissions: `sqs`, `dynamodb`
   * @returns the answer as the JSON protocol carries it. @throws AwsError
   */
  ask(service: string, action: string, parameters: Parameters): Promise<object>;
  /** The template's roles, and which statements of a role's policies allow a call. */
  readonly access: Pick<Access, 'roles' | 'grantsUsed'>;
  /**
   * Issues credentials of a role, without asking its trust policy.
   * @param role its name or ARN. @param seconds how long they are valid; 3,600 unless given. @throws Error for an unknown role
   */
  issueCredentials(role: string, sessionName: string, seconds?: number): TemporaryCredentials;
  /** Every action it supports, as `sqs:CreateQueue`, sorted. */
  readonly actions: readonly string[];
  /** Every AWS call, by any caller, as it ends. */
  readonly calls: { readonly on: Subscribe<CallRecord> };
  /** Every execution of a state machine, as it ends. */
  readonly executions: { readonly on: Subscribe<ExecutionRecord> };
  /** The functions' output, line by line. */
  readonly logs: FunctionLogs;
  /** Makes a call, a function or an entry of a batch fail. */
  readonly faults: Pick<Faults, 'add'>;
  /** Runs a function of the test before or after a call takes effect. */
  readonly interceptors: Pick<Interceptors, 'add'>;
  /** The memory and CPU that each running function uses, by its short name: `ResizeImage`. */
  readonly functionUsage: Functions['usage'];
  /** Resolves when every record on the streams has been delivered or discarded. */
  idle(): Promise<void>;
  /** Ends everything: threads, timers, connections and the port. */
  stop(): Promise<void>;
}

const administrator = { type: 'administrator' } as const;

const issueCredentials =
  (access: Access, clock: MovableClock): Emulator['issueCredentials'] =>
  (nameOrArn, sessionName, seconds = 3600) => {
    const role = access.roles.find(({ name, arn }) => [name, arn].includes(nameOrArn));
    if (!role) throw new Error(`The template has no role ${nameOrArn}`);
    return access.issueCredentials(roleSession(role, sessionName), clock.now() + seconds * 1000);
  };

const compose = async (context: StartContext): Promise<Emulator> => {
  const { server, clock, location, synthesis, options, state } = context;
  const parts = await createParts(context);
  serveParts(context, parts);
  const { mappings, stopSchedules } = startBackground(context, parts);
  const { outputs, access, data, functions, faults, interceptors, stepFunctions, records, calls } = parts;
  return {
    url: server.url,
    stackName: synthesis.stackName,
    outputs,
    clock,
    get clientConfig() {
      const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
      const systemClockOffset = clock.now() - Date.now();
      return { endpoint: server.url, region: location.region, credentials, systemClockOffset };
    },
    access,
    issueCredentials: issueCredentials(access, clock),
    actions: calls.supported,
    calls: records,
    ask: (service, action, parameters) =>
      calls.run(service, action, parameters, { principal: administrator, signal: neverAborted, baseUrl: server.url }),
    executions: stepFunctions.executions,
    logs: functions.logs,
    faults,
    interceptors,
    functionUsage: () => functions.usage(),
    idle: async () => {
      await Promise.all(mappings.map((mapping) => mapping.idle()));
    },
    stop: async () => {
      stopSchedules();
      data.stop();
      const mappingsStopped = mappings.map((mapping) => mapping.stop());
      stepFunctions.stop();
      await functions.stop();
      await Promise.all([...mappingsStopped, server.close()]);
      await state.close();
      if (!options.clock) clock.stop();
    },
  };
};

const openStateOf = ({ data, onProblem }: EmulatorOptions, owner: Owner): State =>
  data === undefined ? noState : openState(data, owner, (problem) => onProblem?.(problem));

/**
 * Runs every supported resource of a CloudFormation template in this process.
 * @throws Error with code EADDRINUSE when the port is taken; StateError when the folder for its state cannot be used; Error naming
 * the resource of the template and what is not supported in it; RangeError for an accountId or quotas that are not right.
 */
export const startEmulator = async (options: EmulatorOptions): Promise<Emulator> => {
  const clock = options.clock ?? new MovableClock();
  const { accountId = '000000000000', region = 'us-east-1' } = options;
  if (!/^\d{12}$/.test(accountId)) throw new RangeError(`accountId is "${accountId}", but must have twelve digits`);
  const server = await openServer({ clock, port: options.port ?? 0 });
  let state: State = noState;
  try {
    const synthesis = await readSynthesis(options);
    const location = { accountId, region };
    state = openStateOf(options, { stackName: synthesis.stackName, ...location });
    return await compose({ server, clock, location, synthesis, options, state });
  } catch (error) {
    await state.close();
    await server.close();
    if (!options.clock) clock.stop();
    throw error;
  }
};

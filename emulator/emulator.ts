import type { Access } from './access/index.ts';
import { createAccess } from './access/index.ts';
import { readApi } from './api-gateway/api-definition.ts';
import { createApiGateway } from './api-gateway/index.ts';
import type { Calls } from './calls.ts';
import { createCalls } from './calls.ts';
import { MovableClock } from './clock.ts';
import { withControl } from './control.ts';
import { createDataServices } from './data-services.ts';
import { startMappings } from './event-source-mappings.ts';
import { Faults } from './faults.ts';
import type { FunctionDefinition } from './lambda/function-definition.ts';
import { readFunctions } from './lambda/function-definition.ts';
import type { FunctionLogs } from './lambda/function-logs.ts';
import type { Functions } from './lambda/functions.ts';
import { createFunctions } from './lambda/functions.ts';
import type { Invoke } from './lambda/service.ts';
import { createLambda } from './lambda/service.ts';
import { Listeners } from './listeners.ts';
import { localOutputs } from './outputs.ts';
import { runSchedules } from './schedule/index.ts';
import { readSchedules } from './schedule/schedule-definition.ts';
import type { Server } from './server.ts';
import { openServer } from './server.ts';
import type { CallRecord, Parameters } from './service.ts';
import type { Actor } from './service-roles.ts';
import { createServiceRoles } from './service-roles.ts';
import type { ExecutionRecord } from './step-functions/executions.ts';
import { createStepFunctions } from './step-functions/index.ts';
import { readMachines } from './step-functions/machine-definition.ts';
import { taskInvocation } from './step-functions/task-invocation.ts';
import type { Site } from './site.ts';
import { withSite } from './site.ts';
import type { Synthesis } from './template/read-synthesis.ts';
import { readSynthesis } from './template/read-synthesis.ts';
import { loadTemplate } from './template/load-template.ts';

export interface EmulatorOptions {
  /** Default 0, which picks a free port. */
  readonly port?: number;
  /** The path of a synthesized template, `<folder>/<stack>.template.json`, with its assets beside it. */
  readonly template: string;
  /** A folder in which V8 may keep the functions' compiled bundles, so that they start faster. Default none. */
  readonly compileCache?: string;
  /** Default a new one, which shows the machine's time until it is moved. */
  readonly clock?: MovableClock;
  /** Whether the API wants signed requests. Default `none`: whoever can reach the loopback address may call it. */
  readonly apiAuth?: 'none' | 'iam';
  /** Retries of machines and of the event source mapping wait for nothing. Default no. */
  readonly instantRetries?: boolean;
  /** Starts all functions in the background, so that no first call waits for one. Default no. */
  readonly warm?: boolean;
  /** A web application to serve at /example. Default none. */
  readonly site?: Site;
  /** Told what goes wrong inside: a template that asks for what is not there, a schedule or mapping that is refused. */
  readonly onProblem?: (problem: Error) => void;
}

type Subscribe<T> = (listener: (value: T) => void) => () => void;

/** The whole stack, running. */
export interface Emulator {
  /** http://127.0.0.1:4000, without a slash at its end: the endpoint of every AWS service. */
  readonly url: string;
  readonly stackName: string;
  /** The stack's outputs. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly clock: MovableClock;
  /** The roles and who may do what: tests give themselves keys of a role, and ask which grants a call used. */
  readonly access: Pick<Access, 'roles' | 'issueKeys' | 'grantsUsed'>;
  /** Every AWS call, by whomever, as it ends. */
  readonly calls: { readonly on: Subscribe<CallRecord> };
  /**
   * Makes an AWS call as an administrator, without the way through HTTP: for tests and tools that make thousands.
   * @param service as in permissions: `sqs`, `dynamodb`
   * @returns the answer as the JSON protocol carries it. @throws AwsError
   */
  ask(service: string, action: string, parameters: Parameters): Promise<object>;
  /** Every execution of a machine, as it ends. */
  readonly executions: { readonly on: Subscribe<ExecutionRecord> };
  /** What the functions printed. */
  readonly logs: FunctionLogs;
  readonly faults: Pick<Faults, 'add'>;
  /** What each function that is running takes of memory and CPU, by its construct. */
  readonly functionUsage: Functions['usage'];
  /** Resolves when every record on the stream has been delivered or given up. */
  idle(): Promise<void>;
  /** Ends everything: threads, timers, connections and the port. */
  stop(): Promise<void>;
}

const place = { accountId: '000000000000', region: 'us-east-1' } as const;

/** Lambda's keys live for twelve hours at the most. */
const functionKeysLifetime = 12 * 60 * 60 * 1000;

const never = new AbortController().signal;

const administrator = { type: 'administrator' } as const;

const faultsOf = (functions: Functions): Faults =>
  new Faults({
    nameByRole: (arn) => functions.definitions.find(({ roleArn }) => roleArn === arn)?.construct,
    kill: (construct) => {
      functions.kill(construct);
    },
    timeOut: (construct) => {
      functions.timeOut(construct);
    },
  });

const lambdaActor = ({ arn, name }: FunctionDefinition): Actor => ({
  service: 'lambda.amazonaws.com',
  sourceArn: arn,
  sessionName: name,
});

interface Foundation {
  readonly server: Server;
  readonly clock: MovableClock;
  readonly synthesis: Synthesis;
  readonly options: EmulatorOptions;
}

/** Everything that answers calls. */
const createParts = async ({ server, clock, synthesis, options }: Foundation) => {
  const { stackName } = synthesis;
  const template = loadTemplate(synthesis.template, { ...place, stackName, baseUrl: server.url });
  const access = createAccess({ ...place, clock, roles: template.roles });
  const assumeRole = createServiceRoles(access, place.accountId);
  const data = await createDataServices({ ...place, clock, access, template });
  const functions = createFunctions({
    clock,
    definitions: readFunctions(template, synthesis),
    region: place.region,
    endpoint: server.url,
    compileCache: synthesis.compileCache,
    issueKeys: (definition) =>
      access.issueKeys(assumeRole(definition.roleArn, lambdaActor(definition)), clock.now() + functionKeysLifetime),
  });
  const faults = faultsOf(functions);
  const constructs = new Map(functions.definitions.map(({ arn, construct }) => [arn, construct]));
  const invoke: Invoke = (arn, payload) =>
    faults.invocation(constructs.get(arn) ?? arn, () => functions.invoke(arn, payload));
  const stepFunctions = createStepFunctions({
    clock,
    instantRetries: options.instantRetries ?? false,
    definitions: readMachines(template),
    functionArns: new Set(constructs.keys()),
    invoke: taskInvocation({
      calls: () => calls,
      assumeRole: ({ roleArn, name, arn }) =>
        assumeRole(roleArn, { service: 'states.amazonaws.com', sourceArn: arn, sessionName: name }),
    }),
  });
  const records = new Listeners<CallRecord>();
  const calls: Calls = createCalls({
    services: [...data.services, stepFunctions, createLambda(invoke)],
    access,
    onCall: (record) => {
      records.tell(record);
    },
    beforeRun: faults.hook('before'),
    aroundRun: (point, run) => faults.batch(point, run),
    afterRun: faults.hook('after'),
  });
  return { template, access, assumeRole, data, functions, faults, invoke, stepFunctions, records, calls };
};

type Parts = Awaited<ReturnType<typeof createParts>>;

const openApi = ({ server, clock, options }: Foundation, { template, access, assumeRole, calls }: Parts): void => {
  const api = readApi(template);
  const actor: Actor = {
    service: 'apigateway.amazonaws.com',
    sourceArn: `arn:aws:apigateway:${place.region}::/restapis/${api.id}`,
    sessionName: 'BackplaneAssumeRoleSession',
  };
  const handle = createApiGateway({
    ...place,
    api,
    calls,
    access,
    clock,
    auth: options.apiAuth ?? 'none',
    onProblem: options.onProblem ?? ignore,
    assumeRole: (arn) => assumeRole(arn, actor),
  });
  server.serve({ calls, access, fallback: withControl(clock, withSite(options.site, handle)) });
};

const ignore = (): void => undefined;

/** What runs by itself: the event source mapping and the schedule. */
const startBackground = ({ server, clock, options }: Foundation, parts: Parts) => {
  const { template, assumeRole, data, functions, invoke, calls } = parts;
  const onProblem = options.onProblem ?? ignore;
  const mappings = startMappings({
    template,
    clock,
    region: place.region,
    kinesis: data.kinesis,
    functions: functions.definitions,
    calls,
    invoke,
    assumeRole: (definition) => assumeRole(definition.roleArn, lambdaActor(definition)),
    instantRetries: options.instantRetries ?? false,
    onProblem,
  });
  const stopSchedules = runSchedules({
    clock,
    definitions: readSchedules(template),
    onProblem,
    start: ({ machineArn, roleArn, service, sourceArn, input }) => {
      const principal = assumeRole(roleArn, { service, sourceArn, sessionName: 'schedule' });
      const call = { principal, signal: never, baseUrl: server.url };
      return calls.run('states', 'StartExecution', { stateMachineArn: machineArn, input }, call);
    },
  });
  if (options.warm) void functions.warm();
  return { mappings, stopSchedules };
};

const compose = async (foundation: Foundation): Promise<Emulator> => {
  const { server, clock, synthesis, options } = foundation;
  const parts = await createParts(foundation);
  openApi(foundation, parts);
  const { mappings, stopSchedules } = startBackground(foundation, parts);
  const { template, access, data, functions, faults, stepFunctions, records, calls } = parts;
  return {
    url: server.url,
    stackName: synthesis.stackName,
    outputs: localOutputs(template.outputs, server.url),
    clock,
    access,
    calls: records,
    ask: (service, action, parameters) =>
      calls.run(service, action, parameters, { principal: administrator, signal: never, baseUrl: server.url }),
    executions: stepFunctions.executions,
    logs: functions.logs,
    faults,
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
      if (!options.clock) clock.stop();
    },
  };
};

/**
 * Runs every supported resource of a synthesized template in this process.
 * @throws Error with code EADDRINUSE when the port is taken; Error naming what in the template is not supported.
 */
export const startEmulator = async (options: EmulatorOptions): Promise<Emulator> => {
  const clock = options.clock ?? new MovableClock();
  const server = await openServer({ clock, port: options.port ?? 0 });
  try {
    const { template, compileCache } = options;
    const synthesis = { ...(await readSynthesis(template)), ...(compileCache !== undefined && { compileCache }) };
    return await compose({ server, clock, synthesis, options });
  } catch (error) {
    await server.close();
    throw error;
  }
};

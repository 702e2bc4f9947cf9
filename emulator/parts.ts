import { createAccess } from './access/index.ts';
import { readApis } from './api-gateway/api-definition.ts';
import type { ApiGatewayOptions } from './api-gateway/index.ts';
import { createApiGateway } from './api-gateway/index.ts';
import type { CallHooks, Calls } from './calls.ts';
import { createCalls, neverAborted } from './calls.ts';
import type { Clock, MovableClock } from './clock.ts';
import { withControl } from './control.ts';
import { createDataServices } from './data-services.ts';
import { startMappings } from './event-source-mappings.ts';
import { Faults } from './faults.ts';
import { Interceptors } from './interceptors.ts';
import { createIam } from './iam/index.ts';
import type { FunctionDefinition } from './lambda/function-definition.ts';
import { exitErrors } from './lambda/function-error.ts';
import { readFunctions } from './lambda/function-definition.ts';
import type { Functions } from './lambda/functions.ts';
import { createFunctions } from './lambda/functions.ts';
import type { ListedMapping } from './lambda/event-source-mapping-actions.ts';
import { createLambda } from './lambda/service.ts';
import { Listeners } from './listeners.ts';
import { createObservability } from './observability.ts';
import type { EmulatorOptions } from './options.ts';
import { emulatedOutputs } from './outputs.ts';
import type { HttpHandler } from './protocols/http.ts';
import { guardApi } from './protocols/page-guard.ts';
import type { State } from './persistence/state.ts';
import { httpRefusal } from './protocols/http-refusals.ts';
import { limitCalls } from './quotas.ts';
import { runSchedules } from './schedule/index.ts';
import { readSchedules } from './schedule/schedule-definition.ts';
import type { Server } from './server.ts';
import type { CallRecord } from './service.ts';
import type { Actor } from './service-roles.ts';
import { createServiceRoles } from './service-roles.ts';
import { createStepFunctions } from './step-functions/index.ts';
import { readMachines } from './step-functions/machine-definition.ts';
import { taskInvocation } from './step-functions/task-invocation.ts';
import { withSites } from './site.ts';
import type { Synthesis } from './template/read-synthesis.ts';
import { throttleCalls } from './throttling.ts';
import { loadTemplate } from './template/load-template.ts';

/** The account and the Region of every resource. */
export interface Location {
  readonly accountId: string;
  readonly region: string;
}

/** The inputs of a start. */
export interface StartContext {
  readonly server: Server;
  readonly clock: MovableClock;
  readonly location: Location;
  readonly synthesis: Synthesis;
  readonly options: EmulatorOptions;
  readonly state: State;
}

/** In the worst case, one of this many calls is throttled. */
const throttledCall = 10;

/** Assumed: the credentials of a function are valid for twelve hours. */
const functionCredentialsLifetime = 12 * 60 * 60 * 1000;

const ignore = (): void => undefined;

const faultsOf = (functions: Functions, exitError: () => string): Faults =>
  new Faults({
    exitError,
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

const throttles = (clock: Clock, { worstCase, quotas }: EmulatorOptions): readonly CallHooks[] => [
  ...(worstCase ? [throttleCalls(throttledCall)] : []),
  ...(quotas ? [limitCalls(clock, quotas)] : []),
];

/** How retries wait. In the worst case an effect takes time: retries that do not wait move the clock instead. */
const retriesOf = (clock: MovableClock, { instantRetries = false, worstCase = false }: EmulatorOptions) => ({
  instantRetries,
  passTime: worstCase
    ? (milliseconds: number) => {
        // A wait with jitter has fractions, which no clock shows.
        clock.advance(Math.ceil(milliseconds));
      }
    : undefined,
});

/** Everything that answers calls. */
export const createParts = async ({ server, clock, location, synthesis, options, state }: StartContext) => {
  const { stackName } = synthesis;
  const template = loadTemplate(synthesis.template, { ...location, stackName, baseUrl: server.url });
  const apis = readApis(template);
  const access = createAccess({
    ...{ ...location, clock, roles: template.roles, state },
    machineTime: options.acceptMachineTime ? Date.now : undefined,
  });
  const assumeRole = createServiceRoles(access, location.accountId);
  const data = await createDataServices({
    ...{ ...location, clock, access, template, state },
    identityPools: options.identityPools ?? [],
    worstCase: options.worstCase ?? false,
  });
  const exitError = exitErrors(options.worstCase ?? false);
  const functions = createFunctions({
    clock,
    exitError,
    definitions: readFunctions(template, synthesis),
    region: location.region,
    endpoint: server.url,
    compileCache: options.compileCache,
    issueCredentials: (definition) =>
      access.issueCredentials(
        assumeRole(definition.roleArn, lambdaActor(definition)),
        clock.now() + functionCredentialsLifetime,
      ),
  });
  const outputs = emulatedOutputs(template.outputs, server.url, apis.length > 1);
  const observability = createObservability({
    ...location,
    ...{ clock, stackName, template, outputs, state },
    measureQueue: (name) => data.sqs.measure(name),
  });
  observability.collectLogs(functions);
  const faults = faultsOf(functions, exitError);
  const interceptors = new Interceptors();
  const constructs = new Map(functions.definitions.map(({ arn, construct }) => [arn, construct]));
  const invoke = observability.metrics.measureInvocations((arn, payload) =>
    faults.invocation(constructs.get(arn) ?? arn, () => functions.invoke(arn, payload)),
  );
  const stepFunctions = createStepFunctions({
    clock,
    ...retriesOf(clock, options),
    definitions: readMachines(template),
    functionArns: new Set(constructs.keys()),
    onEvent: observability.recordEvent,
    invoke: taskInvocation({
      calls: () => calls,
      assumeRole: ({ roleArn, name, arn }) =>
        assumeRole(roleArn, { service: 'states.amazonaws.com', sourceArn: arn, sessionName: name }),
    }),
  });
  const records = new Listeners<CallRecord>();
  const mappings: ListedMapping[] = [];
  const calls: Calls = createCalls({
    services: [
      ...[...data.services, ...observability.services, stepFunctions],
      createLambda(invoke, mappings),
      createIam({ access, created: new Date(clock.now()) }),
    ],
    access,
    onCall: (record) => {
      records.emit(record);
    },
    hooks: [interceptors, faults, ...throttles(clock, options)],
    aroundRun: (point, run) => faults.batch(point, run),
  });
  return {
    ...{ template, apis, outputs, access, assumeRole, data, functions, faults, interceptors, invoke, stepFunctions },
    ...{ observability, records, calls, mappings },
  };
};

export type Parts = Awaited<ReturnType<typeof createParts>>;

const createApiHandler = (
  { clock, location, options }: StartContext,
  { access, assumeRole, calls, observability }: Parts,
  { api, basePath }: Pick<ApiGatewayOptions, 'api' | 'basePath'>,
): HttpHandler => {
  const actor: Actor = {
    service: 'apigateway.amazonaws.com',
    sourceArn: `arn:aws:apigateway:${location.region}::/restapis/${api.id}`,
    // Assumed: AWS does not name the session of an integration's role.
    sessionName: 'BackplaneAssumeRoleSession',
  };
  const handle = createApiGateway({
    ...location,
    api,
    calls,
    access,
    clock,
    ...(basePath !== undefined && { basePath }),
    auth: options.apiAuth ?? 'none',
    explainUnknownRoutes: options.explainUnknownRoutes ?? false,
    onProblem: options.onProblem ?? ignore,
    assumeRole: (arn) => assumeRole(arn, actor),
  });
  return observability.metrics.measureRequests(api.name, handle);
};

/** The template's only API at the root, or each of several under its id; or an answer that there is none. */
const createApiHandlers = (context: StartContext, parts: Parts): HttpHandler => {
  const [only, ...others] = parts.apis;
  if (!only)
    return () => httpRefusal(404, 'NotFound', 'The template has no API, and the request is for no AWS service.');
  if (others.length === 0) return createApiHandler(context, parts, { api: only });
  const handlers = new Map(
    parts.apis.map((api) => [api.id, createApiHandler(context, parts, { api, basePath: `/${api.id}` })]),
  );
  const list = parts.apis.map(({ id, name }) => `/${id}/ (${name})`).join(', ');
  const none = httpRefusal(404, 'NotFound', `The template has several APIs, each under its id: ${list}.`);
  return (request) => handlers.get(request.path.split('/')[1] ?? '')?.(request) ?? none;
};

/** Serves the AWS services, the template's API and the sites on the server's port. */
export const serveParts = (context: StartContext, parts: Parts): void => {
  const { server, clock, options } = context;
  const { calls, access } = parts;
  const handle = guardApi(createApiHandlers(context, parts));
  server.serve({ calls, access, fallback: withControl(clock, withSites(options.sites ?? {}, handle)) });
};

/** Starts the event source mappings and the schedules. */
export const startBackground = ({ server, clock, location, options, state }: StartContext, parts: Parts) => {
  const { template, assumeRole, data, functions, invoke, calls, observability } = parts;
  const onProblem = options.onProblem ?? ignore;
  const mappings = startMappings({
    template,
    clock,
    region: location.region,
    kinesis: data.kinesis,
    functions: functions.definitions,
    calls,
    invoke,
    metrics: observability.metrics,
    state,
    assumeRole: (definition) => assumeRole(definition.roleArn, lambdaActor(definition)),
    ...retriesOf(clock, options),
    onProblem,
  });
  const stopSchedules = runSchedules({
    clock,
    definitions: readSchedules(template),
    onProblem,
    start: ({ machineArn, roleArn, service, sourceArn, input }) => {
      const principal = assumeRole(roleArn, { service, sourceArn, sessionName: 'schedule' });
      const call = { principal, signal: neverAborted, baseUrl: server.url };
      return calls.run('states', 'StartExecution', { stateMachineArn: machineArn, input }, call);
    },
  });
  parts.mappings.push(...mappings);
  if (options.warm) void functions.warm();
  return { mappings, stopSchedules };
};

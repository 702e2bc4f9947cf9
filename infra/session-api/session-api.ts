import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import type { IVpcEndpoint } from 'aws-cdk-lib/aws-ec2';
import {
  AccountPrincipal,
  AnyPrincipal,
  ArnPrincipal,
  Effect,
  PolicyDocument,
  PolicyStatement,
  Role,
  ServicePrincipal,
  type IPrincipal,
} from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { CommonProps } from '../common.ts';
import type { Configuration } from '../settings.ts';
import type { Workflows } from '../workflows.ts';
import { addGatewayResponses } from './gateway-responses.ts';
import { addPreflight } from './preflight.ts';
import { methodsOf, routes, type Route } from './routes.ts';
import { executionAnswer, executionRequest, functionAnswer, functionRequest } from './templates.ts';

export interface SessionApiProps extends CommonProps {
  /** The last part of the API's URL. */
  readonly stage: string;
  readonly configuration: Configuration;
  readonly workflows: Workflows;
  /** The endpoints of VPCs that it is private to; empty for a public one. */
  readonly vpcEndpoints: readonly IVpcEndpoint[];
  /** The user's own resource policy, in place of ours. */
  readonly policy: PolicyDocument | undefined;
}

/** The API for backends. Calls are signed with IAM. Each starts one machine or function, and returns its answer. */
export class SessionApi extends Construct {
  readonly api: apigateway.RestApi;
  readonly #role: Role;
  readonly #allowedOrigins: readonly string[];

  constructor(scope: Construct, id: string, props: SessionApiProps) {
    super(scope, id);
    this.#allowedOrigins = props.configuration.allowedOrigins;
    this.#role = new Role(this, 'Role', {
      description: 'Starts the machines behind the API',
      assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
    });
    this.api = this.#makeApi(props);
    // The stack has its own output for the URL.
    this.api.node.tryRemoveChild('Endpoint');
    for (const route of routes) this.#addRoute(route, props.workflows);
    addGatewayResponses(this.api, this.#allowedOrigins.length > 0);
  }

  #makeApi(props: SessionApiProps): apigateway.RestApi {
    const { configuration, vpcEndpoints } = props;
    const policy = props.policy ?? resourcePolicy(props);
    const withRole = configuration.apiLogs === 'access-with-role';
    return new apigateway.RestApi(this, 'Api', {
      restApiName: props.names.service,
      description: 'Opens, renews, looks up and ends browser sessions, and notifies them',
      endpointConfiguration:
        vpcEndpoints.length === 0
          ? { types: [apigateway.EndpointType.REGIONAL] }
          : { types: [apigateway.EndpointType.PRIVATE], vpcEndpoints: [...vpcEndpoints] },
      ...(!policy.isEmpty && { policy }),
      // The role is a setting of the account and the Region that others rely on as well, so it stays.
      cloudWatchRole: withRole,
      ...(withRole && { cloudWatchRoleRemovalPolicy: RemovalPolicy.RETAIN }),
      deployOptions: {
        stageName: props.stage,
        throttlingRateLimit: 2000,
        throttlingBurstLimit: 4000,
        tracingEnabled: props.isTraced,
        // Each method has five metrics, at $0.30 a month each; those of the whole API are free.
        metricsEnabled: configuration.apiMetrics,
        // Requests and answers hold ids and keys: none of them is logged, only that there was one and how it went.
        loggingLevel: apigateway.MethodLoggingLevel.OFF,
        dataTraceEnabled: false,
        ...(configuration.apiLogs !== 'none' && this.#accessLog(props)),
      },
    });
  }

  #accessLog({ names, logRetention, logRemovalPolicy }: SessionApiProps): apigateway.StageOptions {
    const log = new LogGroup(this, 'AccessLog', {
      ...(names.isGiven && { logGroupName: `/aws/apigateway/${names.service}` }),
      retention: logRetention,
      removalPolicy: logRemovalPolicy,
    });
    return {
      accessLogDestination: new apigateway.LogGroupLogDestination(log),
      accessLogFormat: apigateway.AccessLogFormat.custom(accessLogFormat),
    };
  }

  #addRoute(route: Route, workflows: Workflows): void {
    const { request, answer, ...target } = this.#target(route, workflows);
    const integration = new apigateway.AwsIntegration({
      ...target,
      options: {
        credentialsRole: this.#role,
        timeout: Duration.seconds(29),
        passthroughBehavior: apigateway.PassthroughBehavior.NEVER,
        requestTemplates: { 'application/json': request },
        // One response for every status: the template sets the status by the body.
        integrationResponses: [
          {
            statusCode: '200',
            responseTemplates: { 'application/json': answer },
            responseParameters: { [cacheControl]: "'no-store'" },
          },
        ],
      },
    });
    const resource = this.api.root.resourceForPath(route.path);
    if (this.#allowedOrigins.length > 0) addPreflight(resource, this.#allowedOrigins);
    for (const method of methodsOf(route)) {
      resource.addMethod(method, integration, {
        authorizationType: apigateway.AuthorizationType.IAM,
        methodResponses: [{ statusCode: '200', responseParameters: { [cacheControl]: true } }],
      });
    }
  }

  /** What a route calls, and the templates of the call and of the answer. */
  #target(route: Route, workflows: Workflows) {
    if ('machine' in route) {
      const workflow = workflows.machine(route.machine);
      workflow.grantStartSync(this.#role);
      return {
        ...{ service: 'states', action: 'StartSyncExecution' },
        request: executionRequest(route, workflow.machine.stateMachineArn),
        answer: executionAnswer(this.#allowedOrigins),
      };
    }
    const task = workflows.task(route.task);
    task.grantInvoke(this.#role);
    return {
      ...{ service: 'lambda', path: `2015-03-31/functions/${task.function.functionArn}/invocations` },
      request: functionRequest(),
      answer: functionAnswer(this.#allowedOrigins),
    };
  }
}

/** Answers contain keys, so no cache may store them. */
const cacheControl = 'method.response.header.Cache-Control';

/** The route and not the path, which holds the session's id. */
const accessLogFormat = JSON.stringify({
  requestId: '$context.requestId',
  requestTime: '$context.requestTime',
  method: '$context.httpMethod',
  route: '$context.resourcePath',
  status: '$context.status',
  error: '$context.error.responseType',
  latency: '$context.responseLatency',
  responseLength: '$context.responseLength',
  caller: '$context.identity.userArn',
  sourceIp: '$context.identity.sourceIp',
});

const invoke = (effect: Effect, resource: string, principals: readonly IPrincipal[]): PolicyStatement =>
  new PolicyStatement({
    effect,
    principals: [...principals],
    actions: ['execute-api:Invoke'],
    resources: [`arn:${Aws.PARTITION}:execute-api:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}`],
  });

/**
 * Denies calls from other addresses. It allows principals of this account nothing: an Allow would replace the IAM permission that they
 * need. With a resource policy, preflights, which are not signed, and callers of other accounts need an Allow, so they get one. https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
 */
const resourcePolicy = ({ configuration, vpcEndpoints }: SessionApiProps): PolicyDocument => {
  const { apiAllowedCidrs: allowedCidrs, apiCallers: callers, allowedOrigins } = configuration;
  const policy = new PolicyDocument();
  if (vpcEndpoints.length > 0) {
    const deny = invoke(Effect.DENY, '*/*', [new AnyPrincipal()]);
    deny.addCondition('StringNotEquals', { 'aws:SourceVpce': vpcEndpoints.map(({ vpcEndpointId }) => vpcEndpointId) });
    policy.addStatements(deny);
  }
  if (allowedCidrs.length > 0) {
    const deny = invoke(Effect.DENY, '*/*', [new AnyPrincipal()]);
    // Behind an endpoint of a VPC the address is one of the VPC, in another key.
    const key = vpcEndpoints.length > 0 ? 'aws:VpcSourceIp' : 'aws:SourceIp';
    deny.addCondition('NotIpAddress', { [key]: [...allowedCidrs] });
    policy.addStatements(deny);
  }
  const hasPolicy = !policy.isEmpty || callers.length > 0;
  if (hasPolicy && allowedOrigins.length > 0) {
    policy.addStatements(invoke(Effect.ALLOW, '*/*/OPTIONS/*', [new AnyPrincipal()]));
  }
  if (callers.length > 0) policy.addStatements(invoke(Effect.ALLOW, '*/*', callers.map(principalOf)));
  return policy;
};

const principalOf = (caller: string): IPrincipal =>
  /^\d+$/.test(caller) ? new AccountPrincipal(caller) : new ArnPrincipal(caller);

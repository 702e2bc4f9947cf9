import { Aws, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Workflow } from '../workflow.ts';
import type { Workflows } from '../workflows.ts';
import { addGatewayResponses } from './gateway-responses.ts';
import { addPreflight } from './preflight.ts';
import { routes, type Route } from './routes.ts';
import { answerTemplate, requestTemplate } from './templates.ts';

export interface SessionApiProps {
  /** The last part of the API's URL. */
  readonly stage: string;
  readonly workflows: Workflows;
  /** Origins of pages that may call it; empty for none, and then there are no preflight answers. */
  readonly allowedOrigins: readonly string[];
  /** Address ranges it may be called from; empty for any. */
  readonly allowedCidrs: readonly string[];
}

/** The backend's API: every call is signed with IAM and starts one machine, whose answer is the answer. */
export class SessionApi extends Construct {
  readonly api: apigateway.RestApi;
  readonly #role: Role;
  readonly #allowedOrigins: readonly string[];

  constructor(scope: Construct, id: string, props: SessionApiProps) {
    super(scope, id);
    this.#allowedOrigins = props.allowedOrigins;
    this.#role = new Role(this, 'Role', {
      description: 'Starts the machines behind the API',
      assumedBy: new ServicePrincipal('apigateway.amazonaws.com'),
    });
    this.api = this.#makeApi(props);
    // The stack has its own output for the URL.
    this.api.node.tryRemoveChild('Endpoint');
    for (const route of routes) this.#addRoute(route, props.workflows.machine(route.machine));
    addGatewayResponses(this.api, props.allowedOrigins.length > 0);
  }

  #makeApi({ stage, allowedCidrs }: SessionApiProps): apigateway.RestApi {
    const name = Stack.of(this).stackName;
    const accessLog = new LogGroup(this, 'AccessLog', {
      logGroupName: `/aws/apigateway/${name}`,
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    return new apigateway.RestApi(this, 'Api', {
      restApiName: name,
      description: 'Opens, renews, looks up and ends browser sessions, and notifies them',
      endpointTypes: [apigateway.EndpointType.REGIONAL],
      ...(allowedCidrs.length > 0 && { policy: denyOutside(allowedCidrs) }),
      // The account's setting without which access logs cannot be written; it is shared, so it stays.
      cloudWatchRole: true,
      cloudWatchRoleRemovalPolicy: RemovalPolicy.RETAIN,
      deployOptions: {
        stageName: stage,
        throttlingRateLimit: 2000,
        throttlingBurstLimit: 4000,
        tracingEnabled: true,
        metricsEnabled: true,
        // Requests and answers hold ids and keys: none of them is logged, only that there was one and how it went.
        loggingLevel: apigateway.MethodLoggingLevel.OFF,
        dataTraceEnabled: false,
        accessLogDestination: new apigateway.LogGroupLogDestination(accessLog),
        accessLogFormat: apigateway.AccessLogFormat.custom(accessLogFormat),
      },
    });
  }

  #addRoute(route: Route, workflow: Workflow): void {
    workflow.grantStartSync(this.#role);
    const integration = new apigateway.AwsIntegration({
      service: 'states',
      action: 'StartSyncExecution',
      options: {
        credentialsRole: this.#role,
        timeout: Duration.seconds(29),
        passthroughBehavior: apigateway.PassthroughBehavior.NEVER,
        requestTemplates: { 'application/json': requestTemplate(route, workflow.machine.stateMachineArn) },
        // One answer for every status: StartSyncExecution says in its body how it went.
        integrationResponses: [
          {
            statusCode: '200',
            responseTemplates: { 'application/json': answerTemplate(this.#allowedOrigins) },
            responseParameters: { [cacheControl]: "'no-store'" },
          },
        ],
      },
    });
    const resource = this.api.root.resourceForPath(route.path);
    if (this.#allowedOrigins.length > 0) addPreflight(resource, this.#allowedOrigins);
    for (const method of ['GET', 'POST']) {
      resource.addMethod(method, integration, {
        authorizationType: apigateway.AuthorizationType.IAM,
        methodResponses: [{ statusCode: '200', responseParameters: { [cacheControl]: true } }],
      });
    }
  }
}

/** Answers hold keys: nothing on the way may keep them. */
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

/**
 * Denies calls from elsewhere and allows nothing: within one account an Allow in the resource's policy would stand in for the
 * permission the caller needs. https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
 */
const denyOutside = (cidrs: readonly string[]): PolicyDocument =>
  new PolicyDocument({
    statements: [
      new PolicyStatement({
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['execute-api:Invoke'],
        resources: [`arn:${Aws.PARTITION}:execute-api:${Aws.REGION}:${Aws.ACCOUNT_ID}:*/*`],
        conditions: { NotIpAddress: { 'aws:SourceIp': [...cidrs] } },
      }),
    ],
  });

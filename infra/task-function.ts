import { join } from 'node:path';
import { Aws, Duration } from 'aws-cdk-lib';
import { Grant, Role, ServicePrincipal, type IGrantable, type IPrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function, LoggingFormat, Runtime, SystemLogLevel, Tracing } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { urlSuffixVariable } from '../functions/aws/environment.ts';
import { metricsNamespace } from '../functions/aws/metric-names.ts';
import { makeLog, type CommonProps } from './common.ts';

export interface TaskFunctionProps extends CommonProps {
  /** The folder with the folders of the bundles. */
  readonly functions: string;
  /** What it does, as the console shows it. */
  readonly description: string;
  /** Its variables, by their names in the process's environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Default 5. */
  readonly timeoutSeconds?: number;
  /** Megabytes. A function's share of a CPU grows with them: 1,769 MB is a whole one. Default 256. */
  readonly memory?: number;
  /** Concurrent runs reserved for it, which are also its maximum. Default none. */
  readonly reservedConcurrency?: number | undefined;
}

/** `make-queue` → `MakeQueue`, the name of the construct and of the placeholder in the machines. */
export const pascalCase = (name: string): string =>
  name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

/** A function of ours: Node 24 on arm64, with a role of its own that may write its own log. */
export class TaskFunction extends Construct implements IGrantable {
  readonly function: Function;
  readonly grantPrincipal: IPrincipal;
  readonly role: Role;

  constructor(scope: Construct, name: string, props: TaskFunctionProps) {
    super(scope, pascalCase(name));
    const { names } = props;
    const functionName = names.physical(name);
    const logGroup = makeLog(this, props, functionName && `/aws/lambda/${functionName}`);
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(this.role);
    this.grantPrincipal = this.role;
    this.function = new Function(this, 'Function', {
      ...(functionName !== undefined && { functionName }),
      description: props.description,
      role: this.role,
      logGroup,
      code: Code.fromAsset(join(props.functions, name)),
      handler: 'handler.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memory ?? 256,
      ...(props.reservedConcurrency !== undefined && { reservedConcurrentExecutions: props.reservedConcurrency }),
      timeout: Duration.seconds(props.timeoutSeconds ?? 5),
      tracing: props.isTraced ? Tracing.ACTIVE : Tracing.DISABLED,
      loggingFormat: LoggingFormat.JSON,
      // A log line for each invocation would cost more than the invocation.
      systemLogLevelV2: SystemLogLevel.WARN,
      environment: {
        // The metrics' namespace, and their dimension, which differs for each service.
        POWERTOOLS_METRICS_NAMESPACE: metricsNamespace,
        POWERTOOLS_SERVICE_NAME: names.service,
        [urlSuffixVariable]: Aws.URL_SUFFIX,
        ...props.environment,
      },
    });
  }

  /** Lets a state machine run this function, the unqualified version only. */
  grantInvoke(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ['lambda:InvokeFunction'],
      resourceArns: [this.function.functionArn],
    });
  }
}

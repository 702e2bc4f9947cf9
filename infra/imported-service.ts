import { Fn, Stack, Token } from 'aws-cdk-lib';
import { Stream, type IStream } from 'aws-cdk-lib/aws-kinesis';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { ConfigurationError } from './configuration-error.ts';
import { SqsBrowserBase } from './service.ts';

/** What is known of a service that was deployed before: the values are outputs of its stack. */
export interface SqsBrowserAttributes {
  /** The URL of the API: `https://abc123.execute-api.eu-west-1.amazonaws.com/prod/`. */
  readonly apiUrl: string;
  /** The id of the API, `abc123`. Default: the one in apiUrl; needed when that is not a URL of API Gateway, such as one of a domain of yours. */
  readonly apiId?: string | undefined;
  /** The last part of apiUrl. Default as for apiId. */
  readonly apiStage?: string | undefined;
  /** The name of the event stream. Default: there is none. */
  readonly eventStreamName?: string | undefined;
  /** The key of the user's that encrypts the stream. Default: none. */
  readonly eventStreamKey?: IKey | undefined;
  /** The dimension of the metrics: the prop `name`, or the output `ServiceName`. */
  readonly serviceName: string;
}

/** `https://<api>.execute-api.<region>.amazonaws.com/<stage>/`; the id of a private API may have its endpoint's behind it, after a hyphen. */
const pattern = /^https:\/\/([a-z0-9]+)(?:-[^./]+)?\.execute-api\.([a-z0-9-]+)\.[^/]+\/([\w-]+)\/?$/;

interface Api {
  readonly id: string;
  readonly stage: string;
}

/**
 * The API of a URL, which may be known only when the stack is deployed.
 * @throws ConfigurationError
 */
const apiOf = (scope: Construct, { apiUrl, apiId, apiStage }: SqsBrowserAttributes): Api => {
  if (apiId !== undefined && apiStage !== undefined) return { id: apiId, stage: apiStage };
  if (Token.isUnresolved(apiUrl)) {
    const part = (index: number): string => Fn.select(index, Fn.split('/', apiUrl));
    const host = Fn.select(0, Fn.split('.', part(2)));
    return { id: apiId ?? Fn.select(0, Fn.split('-', host)), stage: apiStage ?? part(3) };
  }
  const [, id = apiId, region, stage = apiStage] = pattern.exec(apiUrl) ?? [];
  if (id === undefined || stage === undefined) {
    throw new ConfigurationError(
      `The attribute apiUrl of ${scope.node.path} is ${JSON.stringify(apiUrl)}, but must be https://<api>.execute-api.<region>.amazonaws.com/<stage>/; with another one give apiId and apiStage.`,
    );
  }
  const here = Stack.of(scope).region;
  if (region !== undefined && !Token.isUnresolved(here) && region !== here) {
    throw new ConfigurationError(
      `The attribute apiUrl of ${scope.node.path} is of ${region}, but must be of the stack's Region, ${here}: grants and metrics are of one Region.`,
    );
  }
  return { id: apiId ?? id, stage: apiStage ?? stage };
};

const attributeNames = ['apiUrl', 'apiId', 'apiStage', 'eventStreamName', 'eventStreamKey', 'serviceName'];

/** @throws ConfigurationError that names an attribute which is missing or which there is none of */
const checkAttributes = (path: string, attributes: SqsBrowserAttributes): void => {
  const given = new Map<string, unknown>(Object.entries(attributes));
  const unknown = [...given.keys()].find((name) => !attributeNames.includes(name));
  if (unknown !== undefined) {
    throw new ConfigurationError(
      `There is no attribute ${unknown} of ${path}: the attributes are ${attributeNames.join(', ')}.`,
    );
  }
  const missing = ['apiUrl', 'serviceName'].find((name) => typeof given.get(name) !== 'string');
  if (missing === undefined) return;
  const output = { apiUrl: 'ApiUrl', serviceName: 'ServiceName' }[missing] ?? missing;
  throw new ConfigurationError(`The attribute ${missing} of ${path} is missing: it is the service's output ${output}.`);
};

/** A service that was deployed before, in the same account and Region. */
export class ImportedSqsBrowser extends SqsBrowserBase {
  readonly apiUrl: string;
  readonly eventStream: IStream | undefined;
  readonly serviceName: string;
  readonly #api: Api;

  constructor(scope: Construct, id: string, attributes: SqsBrowserAttributes) {
    super(scope, id);
    checkAttributes(this.node.path, attributes);
    const { apiUrl, eventStreamName, eventStreamKey, serviceName } = attributes;
    this.#api = apiOf(this, attributes);
    this.apiUrl = apiUrl;
    this.serviceName = serviceName;
    this.eventStream =
      eventStreamName === undefined
        ? undefined
        : Stream.fromStreamAttributes(this, 'EventStream', {
            streamArn: Stack.of(this).formatArn({
              service: 'kinesis',
              resource: 'stream',
              resourceName: eventStreamName,
            }),
            ...(eventStreamKey && { encryptionKey: eventStreamKey }),
          });
  }

  protected override arnForPath(path: string): string {
    const { id, stage } = this.#api;
    return Stack.of(this).formatArn({ service: 'execute-api', resource: id, resourceName: `${stage}/*${path}` });
  }
}

import { Stack } from 'aws-cdk-lib';
import { Stream, type IStream } from 'aws-cdk-lib/aws-kinesis';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { SqsBrowserBase } from './service.ts';

/** What is known of a service that was deployed before: the values are outputs of its stack. */
export interface SqsBrowserAttributes {
  /** The URL of the API: `https://abc123.execute-api.eu-west-1.amazonaws.com/prod/`. */
  readonly apiUrl: string;
  /** The id of the API, `abc123`. Default: the one in apiUrl, which then must be known at synthesis. */
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

const pattern = /^https:\/\/([a-z0-9]+)[^/]*\.execute-api\.[^/]+\/(\w+)\/?$/;

/** A service that was deployed before, in the same account and Region. */
export class ImportedSqsBrowser extends SqsBrowserBase {
  readonly apiUrl: string;
  readonly eventStream: IStream | undefined;
  readonly serviceName: string;
  readonly #api: { readonly id: string; readonly stage: string };

  constructor(scope: Construct, id: string, attributes: SqsBrowserAttributes) {
    super(scope, id);
    const { apiUrl, eventStreamName, eventStreamKey, serviceName } = attributes;
    const [, idInUrl = '*', stageInUrl = '*'] = pattern.exec(apiUrl) ?? [];
    this.#api = { id: attributes.apiId ?? idInUrl, stage: attributes.apiStage ?? stageInUrl };
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

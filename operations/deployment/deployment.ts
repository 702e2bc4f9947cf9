import { BackendClient } from 'sqs-browser/backend';
import { createClients, localCredentials, serviceTime } from './clients.ts';
import type { Clients, Location } from './clients.ts';
import { listConstructs } from './constructs.ts';
import { DeploymentError } from './errors.ts';
import { chooseService } from './service.ts';
import type { OutputName, Service } from './service.ts';
import { readStack } from './stack.ts';
import type { Stack } from './stack.ts';

export interface DeploymentOptions extends Location {
  /** The stack's name. */
  readonly stack: string;
  /** Which SqsBrowser of the stack, by its id, such as `Push`, or by its path, such as `Backend/Push`. Needed where there are several. */
  readonly construct?: string | undefined;
  /** Whether to take the first of several services when none is named. Default: it is an error that lists them. */
  readonly orFirst?: boolean;
}

/** A deployed service, on AWS or in the emulator. The functions of this folder read and change it. */
export interface Deployment extends Location {
  readonly clients: Clients;
  readonly stack: Stack;
  /** The selected service of the stack. */
  readonly service: Service;
  /** All services of the stack, by their constructs. */
  readonly constructs: readonly string[];
  /** The service's own API. */
  readonly api: BackendClient;
  /** False with streamMode NONE: then there is neither a rejected queue nor a bucket of failed batches. */
  readonly hasStream: boolean;
  /** Epoch milliseconds, by the clock of the service. */
  readonly now: () => number;
  /** An output of the service. @throws DeploymentError when the service does not have it */
  readonly output: (name: OutputName) => string;
}

/** Outputs that a stage without a stream does not have. */
const ofStream: readonly OutputName[] = ['EventStreamName', 'RejectedQueueUrl', 'FailedBatchBucketName'];

const findOutput = ({ name: stack }: Stack, { construct, outputs }: Service, name: OutputName): string => {
  const value = outputs[name];
  if (value !== undefined) return value;
  throw new DeploymentError(
    ofStream.includes(name) && outputs.EventStreamName === undefined
      ? `The stack ${stack} has no event stream (streamMode is NONE), so there is nothing of the kind: messages go through the API alone.`
      : `The stack ${stack} has no output ${construct}${name}: deploy it again with this version of sqs-browser.`,
  );
};

/** Explains why the first call failed; undefined for an unexpected error. */
const explain = (error: unknown, { region, endpoint }: Location): string | undefined => {
  if (!(error instanceof Error)) return undefined;
  // The SDK wraps the socket's error: its code is in the message.
  if (endpoint !== undefined && (/ECONNREFUSED|ECONNRESET/.test(error.message) || error.name === 'TimeoutError')) {
    return `Nothing answers at ${endpoint}: start the local service with npx sqs-browser start, or give --stack and --region for a deployed one.`;
  }
  if (error.name === 'CredentialsProviderError') {
    return 'There are no AWS credentials: run aws configure or aws sso login, or set AWS_PROFILE.';
  }
  if (/^(ExpiredToken|InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch)/.test(error.name)) {
    return `AWS refuses the credentials (${error.name}): renew them, for example with aws sso login.`;
  }
  if (/^AccessDenied/.test(error.name)) return `The credentials may not read the stack in ${region}: ${error.message}`;
  if (/ENOTFOUND/.test(error.message)) return `There is no Region ${region}, or no network: ${error.message}`;
  return undefined;
};

/**
 * Reads the stack's outputs and resources from CloudFormation.
 * @throws DeploymentError when there is no such stack or service, nothing answers, or the credentials are missing or refused
 */
export const openDeployment = async (options: DeploymentOptions): Promise<Deployment> => {
  const { stack: name, region, endpoint } = options;
  const clients = createClients(options);
  const stack = await readStack(clients, name, endpoint ?? region).catch((error: unknown) => {
    const sentence = explain(error, options);
    throw sentence === undefined ? error : new DeploymentError(sentence, { cause: error });
  });
  const constructs = listConstructs(stack.outputs);
  const service = chooseService(stack, options.construct ?? (options.orFirst ? constructs[0] : undefined));
  const { EventStreamName: streamName } = service.outputs;
  return {
    ...{ region, endpoint, clients, stack, service, constructs },
    api: new BackendClient({
      apiUrl: findOutput(stack, service, 'ApiUrl'),
      ...(streamName !== undefined && { streamName }),
      region,
      ...(endpoint !== undefined && { kinesisUrl: endpoint, credentials: localCredentials }),
    }),
    hasStream: streamName !== undefined,
    now: () => serviceTime(clients),
    output: (output) => findOutput(stack, service, output),
  };
};

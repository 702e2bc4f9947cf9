import { BackendClient } from 'sqs-browser/backend';
import { createClients, localCredentials } from './clients.ts';
import type { Clients, Location } from './clients.ts';
import { DeploymentError } from './errors.ts';
import { readStack } from './stack.ts';
import type { Stack } from './stack.ts';

export interface DeploymentOptions extends Location {
  /** The stack's name. */
  readonly stack: string;
}

/** A deployed service, on AWS or in the emulator: what the questions of this folder are asked about. */
export interface Deployment extends Location {
  readonly clients: Clients;
  readonly stack: Stack;
  /** The service's own API. */
  readonly api: BackendClient;
  /** An output of the stack. @throws DeploymentError when the stack does not have it */
  readonly output: (name: OutputName) => string;
  /** The physical ids of the stack's resources of a type. */
  readonly ofType: (type: string) => readonly string[];
}

/** The outputs that are read. */
export type OutputName =
  | 'ApiUrl'
  | 'EventStreamName'
  | 'SessionTableName'
  | 'MessageTableName'
  | 'RejectedQueueUrl'
  | 'UndeliveredQueueUrl'
  | 'FailedBatchBucketName'
  | 'IdentityPoolId'
  | 'BrowserRoleArn'
  | 'CleanupMachineArn'
  | 'DispatchMachineArn';

const findOutput = ({ name: stack, outputs }: Stack, name: OutputName): string => {
  const value = outputs[name];
  if (value !== undefined) return value;
  throw new DeploymentError(
    `The stack ${stack} has no output ${name}, so it is not one of sqs-browser: check --stack.`,
  );
};

/** What is the matter when the very first call fails; undefined for what nobody foresaw. */
const explain = (error: unknown, { region, endpoint }: Location): string | undefined => {
  if (!(error instanceof Error)) return undefined;
  // The SDK wraps what the socket says in an error that has it in its message.
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
 * @throws DeploymentError when there is no such stack, nothing answers, or the credentials are missing or refused
 */
export const openDeployment = async (options: DeploymentOptions): Promise<Deployment> => {
  const { stack: name, region, endpoint } = options;
  const clients = createClients(options);
  const stack = await readStack(clients, name, endpoint ?? region).catch((error: unknown) => {
    const sentence = explain(error, options);
    throw sentence === undefined ? error : new DeploymentError(sentence, { cause: error });
  });
  return {
    region,
    endpoint,
    clients,
    stack,
    api: new BackendClient({
      apiUrl: findOutput(stack, 'ApiUrl'),
      ...(stack.outputs['EventStreamName'] !== undefined && { streamName: stack.outputs['EventStreamName'] }),
      region,
      ...(endpoint !== undefined && { kinesisUrl: endpoint, credentials: localCredentials }),
    }),
    output: (output) => findOutput(stack, output),
    ofType: (type) => stack.resources.filter((resource) => resource.type === type).map(({ physicalId }) => physicalId),
  };
};

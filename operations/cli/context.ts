import type { Command } from 'commander';
import type { Deployment, DeploymentOptions } from '../deployment/deployment.ts';
import { DeploymentError } from '../deployment/errors.ts';
import { findServices, servicesFolder } from '../start/running-services.ts';
import type { Terminal } from './terminal.ts';

/** What a command was called with, for every command. */
export interface GlobalOptions {
  readonly stack?: string;
  readonly construct?: string;
  readonly region?: string;
  readonly endpoint?: string;
  readonly json?: boolean;
}

const defaultStack = 'sqs-browser-dev';

const chooseLocation = async (
  { stack, region, endpoint }: GlobalOptions,
  { environment }: Pick<Terminal, 'environment'>,
): Promise<DeploymentOptions> => {
  const { AWS_REGION, AWS_DEFAULT_REGION } = environment;
  const services = await findServices(servicesFolder(environment));
  if (endpoint !== undefined) {
    const known = services.find(({ url }) => url === endpoint.replace(/\/$/, ''));
    return {
      stack: stack ?? known?.stackName ?? defaultStack,
      region: region ?? known?.region ?? 'us-east-1',
      endpoint,
    };
  }
  if (stack !== undefined || region !== undefined) {
    const chosen = region ?? AWS_REGION ?? AWS_DEFAULT_REGION;
    if (chosen) return { stack: stack ?? defaultStack, region: chosen };
    throw new DeploymentError('No Region is known: give --region, or set AWS_REGION.');
  }
  const [service] = services;
  if (service) return { stack: service.stackName, region: service.region, endpoint: service.url };
  throw new DeploymentError(
    'No service runs on this machine: start one with npx sqs-browser start, or name a deployed one with --stack and --region.',
  );
};

/**
 * Which deployment is meant: the one that was named, or the service that runs on this machine.
 * @throws DeploymentError with what to do when there is none
 */
export const chooseDeployment = async (
  options: GlobalOptions,
  terminal: Pick<Terminal, 'environment'>,
): Promise<DeploymentOptions> => ({ ...(await chooseLocation(options, terminal)), construct: options.construct });

/** The deployment a command is for. Its module is loaded only now: `--help` needs none of AWS's clients. */
export const open = async (
  command: Command,
  terminal: Terminal,
  options: Pick<DeploymentOptions, 'construct' | 'orFirst'> = {},
): Promise<Deployment> => {
  const { openDeployment } = await import('../deployment/deployment.ts');
  return openDeployment({
    ...(await chooseDeployment(command.optsWithGlobals<GlobalOptions>(), terminal)),
    ...options,
  });
};

/** Prints an answer: as JSON for programs, otherwise as the lines for people. */
export const printAnswer = (
  command: Command,
  { print }: Terminal,
  value: unknown,
  lines: () => readonly string[],
): void => {
  if (command.optsWithGlobals<GlobalOptions>().json) print(JSON.stringify(value));
  else for (const line of lines()) print(line);
};

/** Ends a command with an exit code that is not 0; what is wrong has been printed. */
export class ExitError extends Error {
  override readonly name = 'ExitError';
  readonly code: number;

  constructor(code: number) {
    super(`exit code ${code}`);
    this.code = code;
  }
}

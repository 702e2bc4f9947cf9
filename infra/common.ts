import { Names, Stack, type RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/** The names of a service's resources. */
export interface ServiceNames {
  /** Differs for each service of an account and Region. It is the dimension of the service's metrics. */
  readonly service: string;
  /** Whether the user has named the service. */
  readonly isGiven: boolean;
  /** The physical name of a part when the user has named the service; else undefined, and CloudFormation makes one. */
  readonly physical: (part: string) => string | undefined;
  /** A name for a part that must have one. */
  readonly unique: (part: string) => string;
}

/** @param name what the user has named the service */
export const namesOf = (scope: Construct, name: string | undefined): ServiceNames => {
  const service = name ?? Names.uniqueResourceName(scope, { maxLength: 60, separator: '-' });
  return {
    service,
    isGiven: name !== undefined,
    physical: (part) => (name === undefined ? undefined : `${name}-${part}`),
    unique: (part) => `${service}-${part}`,
  };
};

/** The names that settings are checked against. */
export const subjectOf = (scope: Construct): { readonly queuePrefix: string; readonly ownQueues: string } => ({
  // 33 of the 80 characters of a queue's name come after the prefix.
  queuePrefix: Names.uniqueResourceName(scope, { maxLength: 40, separator: '-' }),
  // CloudFormation begins the names it makes with the stack's.
  ownQueues: Stack.of(scope).stackName,
});

/** What all functions and machines have in common. */
export interface CommonProps {
  readonly names: ServiceNames;
  /** Whether X-Ray traces them. */
  readonly isTraced: boolean;
  readonly logRetention: RetentionDays;
  readonly logRemovalPolicy: RemovalPolicy;
}

/** @param name undefined lets CloudFormation make one */
export const makeLog = (scope: Construct, common: CommonProps, name: string | undefined): LogGroup =>
  new LogGroup(scope, 'Log', {
    ...(name !== undefined && { logGroupName: name }),
    retention: common.logRetention,
    // A group with a name that stayed would stop the stack from being deployed again.
    removalPolicy: common.logRemovalPolicy,
  });

import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { variables } from '../functions/aws/environment.ts';
import { ConfigurationError } from './configuration-error.ts';

/** What policies need to know of a partition. Everything else comes from CloudFormation's pseudo parameters. */
interface Partition {
  readonly name: string;
  /** How the names of its Regions begin. */
  readonly regions: RegExp;
  /**
   * Who issues the tokens of identity pools in a Region: the federated principal in trust policies, and the beginning of the
   * condition keys. Undefined where there are no identity pools.
   */
  readonly issuer: (region: string) => string | undefined;
  /** Why a Region without an issuer is refused. */
  readonly reason: string;
}

const noPools = 'botocore 1.43.107, endpoints.json, lists no endpoint of cognito-identity there';

/**
 * Regions and endpoints: https://github.com/boto/botocore/blob/develop/botocore/data/partitions.json and endpoints.json (1.43.107), which
 * list Step Functions, Kinesis, Lambda, SQS, DynamoDB and EventBridge Scheduler in every Region below that has an issuer.
 */
const partitions: readonly Partition[] = [
  {
    // "In the China (Beijing) Region, identity pool tokens are issued by https://cognito-identity.cn-north-1.amazonaws.com.cn/":
    // https://docs.amazonaws.cn/en_us/aws/latest/userguide/cognito.html
    name: 'aws-cn',
    regions: /^cn-/,
    issuer: (region) => (region === 'cn-north-1' ? 'cognito-identity.cn-north-1.amazonaws.com.cn' : undefined),
    reason:
      'in China, Amazon Cognito is in cn-north-1 only (https://docs.amazonaws.cn/en_us/aws/latest/userguide/cognito.html)',
  },
  {
    // The service principals of both Regions: https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-cog.html
    name: 'aws-us-gov',
    regions: /^us-gov-/,
    issuer: (region) =>
      region === 'us-gov-east-1'
        ? 'cognito-identity.us-gov-east-1.amazonaws.com'
        : 'cognito-identity-us-gov.amazonaws.com',
    reason: '',
  },
  {
    name: 'aws-eusc',
    regions: /^eusc-/,
    issuer: () => undefined,
    reason: 'AWS does not document who issues the tokens of identity pools in the European Sovereign Cloud',
  },
  { name: 'aws-iso', regions: /^us-iso-/, issuer: () => undefined, reason: noPools },
  { name: 'aws-iso-b', regions: /^us-isob-/, issuer: () => undefined, reason: noPools },
  { name: 'aws-iso-e', regions: /^eu-isoe-/, issuer: () => undefined, reason: noPools },
  { name: 'aws-iso-f', regions: /^us-isof-/, issuer: () => undefined, reason: noPools },
];

/** https://docs.aws.amazon.com/cognito/latest/developerguide/role-trust-and-permissions.html */
const defaultIssuer = 'cognito-identity.amazonaws.com';

/**
 * Who issues the tokens of identity pools.
 * @param region undefined while it is not known, and then it is one of the partition `aws`
 * @throws ConfigurationError in a Region without identity pools
 */
export const tokenIssuerIn = (region: string | undefined): string => {
  const partition = region === undefined ? undefined : partitions.find(({ regions }) => regions.test(region));
  if (region === undefined || !partition) return defaultIssuer;
  const issuer = partition.issuer(region);
  if (issuer !== undefined) return issuer;
  throw new ConfigurationError(
    `sqs-browser cannot be deployed to ${region} (partition ${partition.name}): it needs Cognito identity pools, and ${partition.reason}.`,
  );
};

/**
 * The Region of a construct's stack. A stack without one is deployed by the CDK's command line tool to CDK_DEFAULT_REGION
 * (https://docs.aws.amazon.com/cdk/v2/guide/configure-env.html); undefined when that is not known either.
 */
export const regionOf = (scope: Construct): string | undefined => {
  const { region } = Stack.of(scope);
  return Token.isUnresolved(region) ? variables()['CDK_DEFAULT_REGION'] : region;
};

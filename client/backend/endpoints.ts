import { InvalidRequest } from './errors.ts';
import type { BackendOptions } from './types.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The partitions' DNS suffixes, by how the names of their Regions begin; any other Region is in the partition `aws`.
 * From partitions.json of the AWS SDKs, https://github.com/boto/botocore/blob/develop/botocore/data/partitions.json
 */
const dnsSuffixes = [
  ['cn-', 'amazonaws.com.cn'],
  ['us-gov-', 'amazonaws.com'],
  ['eusc-', 'amazonaws.eu'],
  ['us-iso-', 'c2s.ic.gov'],
  ['us-isob-', 'sc2s.sgov.gov'],
  ['eu-isoe-', 'cloud.adc-e.uk'],
  ['us-isof-', 'csp.hci.ic.gov'],
] as const;

const defaultSuffix = 'amazonaws.com';

/** `api.aws` and the like: hosts that have IPv6 addresses too. */
const dualStackSuffixes = ['api.aws', 'api.amazonwebservices.com.cn', 'api.amazonwebservices.eu'];

const awsSuffixes = [defaultSuffix, ...dnsSuffixes.map(([, suffix]) => suffix), ...dualStackSuffixes];

const suffixOf = (region: string): string =>
  dnsSuffixes.find(([prefix]) => region.startsWith(prefix))?.[1] ?? defaultSuffix;

/** The Region in the host of an API Gateway API, such as `abc123.execute-api.eu-west-1.amazonaws.com`. */
const regionOf = (url: string): string | undefined => {
  const [, region, suffix = ''] = /\.execute-api\.([a-z0-9-]+)\.(.+)$/.exec(new URL(url).hostname) ?? [];
  return awsSuffixes.includes(suffix) ? region : undefined;
};

/** Loopback names and addresses. https://www.rfc-editor.org/rfc/rfc6761#section-6.3 */
export const isLoopback = (url: string): boolean =>
  /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[::1\])$/.test(new URL(url).hostname);

/**
 * Returns the URL without slashes at its end.
 * @throws InvalidRequest when it is not a URL, or would send the signed request over the network without TLS
 */
export const checkUrl = (field: string, url: string): string => {
  const shown = `${field} is ${JSON.stringify(url)}`;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new InvalidRequest(`${shown}, but must be a URL, such as the stack's output ApiUrl`, { field });
  }
  if (new URL(url).protocol === 'http:' && !isLoopback(url)) {
    throw new InvalidRequest(`${shown}, but must begin with https:, because it is not on this machine`, { field });
  }
  return url.replace(/\/+$/, '');
};

/** The region of the local service. */
const localRegion = 'us-east-1';

/** @throws InvalidRequest */
export const findRegion = ({ region, apiUrl }: BackendOptions, variables: Variables): string => {
  const { AWS_REGION: first, AWS_DEFAULT_REGION: second } = variables;
  const found = region || regionOf(apiUrl) || first || second || (isLoopback(apiUrl) ? localRegion : '');
  if (found) return found;
  const message = `region is missing, and ${apiUrl} does not contain it: give the option, or set AWS_REGION`;
  throw new InvalidRequest(message, { field: 'region' });
};

/**
 * Kinesis's endpoint: the option; the endpoint that is configured for AWS SDKs; the local service, when the API is there; the
 * Region's. https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 * @throws InvalidRequest
 */
export const findKinesisUrl = (options: BackendOptions, region: string, variables: Variables): string => {
  const ignored = variables['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS']?.toLowerCase() === 'true';
  const names = ignored ? [] : ['AWS_ENDPOINT_URL_KINESIS', 'AWS_ENDPOINT_URL'];
  if (options.kinesisUrl) return checkUrl('kinesisUrl', options.kinesisUrl);
  for (const name of names) {
    const url = variables[name];
    if (url) return checkUrl(name, url);
  }
  if (isLoopback(options.apiUrl)) return new URL(options.apiUrl).origin;
  return `https://kinesis.${region}.${suffixOf(region)}`;
};

import { AwsError } from '../service.ts';

/** Why a request is refused, before the policies are evaluated or by them. */
export type Denial =
  | 'unsigned'
  | 'incomplete'
  | 'unknownCredentials'
  | 'wrongToken'
  | 'expiredToken'
  | 'wrongSignature'
  | 'wrongDate'
  | 'expiredRequest'
  | 'denied';

type Codes = Readonly<Record<Denial, string>>;

/**
 * These services have, or first had, the query protocol. Those that have JSON now answer its error codes over JSON too.
 * https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html
 * CloudFormation: https://github.com/anomalyco/sst/issues/3006
 * IAM: https://github.com/goadapp/goad/issues/85
 * CloudWatch: https://github.com/aws-samples/amazon-cloudwatch-auto-alarms/issues/1
 */
const queryServices = new Set([
  'cloudformation',
  'iam',
  // CloudWatch, as signatures and as permissions name it.
  ...['monitoring', 'cloudwatch'],
  'sqs',
  'sts',
]);

const queryCodes: Codes = {
  unsigned: 'MissingAuthenticationToken',
  incomplete: 'IncompleteSignature',
  unknownCredentials: 'InvalidClientTokenId',
  wrongToken: 'InvalidClientTokenId',
  expiredToken: 'ExpiredToken',
  wrongSignature: 'SignatureDoesNotMatch',
  wrongDate: 'SignatureDoesNotMatch',
  expiredRequest: 'RequestExpired',
  denied: 'AccessDenied',
};

/**
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 * Expired and unknown credentials: https://github.com/awslabs/amazon-kinesis-producer/issues/49
 */
const jsonCodes: Codes = {
  unsigned: 'MissingAuthenticationTokenException',
  incomplete: 'IncompleteSignatureException',
  unknownCredentials: 'UnrecognizedClientException',
  wrongToken: 'UnrecognizedClientException',
  expiredToken: 'ExpiredTokenException',
  wrongSignature: 'InvalidSignatureException',
  wrongDate: 'InvalidSignatureException',
  expiredRequest: 'InvalidSignatureException',
  denied: 'AccessDeniedException',
};

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const s3Codes: Codes = {
  unsigned: 'AccessDenied',
  incomplete: 'AuthorizationHeaderMalformed',
  unknownCredentials: 'InvalidAccessKeyId',
  wrongToken: 'InvalidToken',
  expiredToken: 'ExpiredToken',
  wrongSignature: 'SignatureDoesNotMatch',
  wrongDate: 'RequestTimeTooSkewed',
  expiredRequest: 'AccessDenied',
  denied: 'AccessDenied',
};

const codesOf = (service: string): Codes => {
  if (service === 's3') return s3Codes;
  return queryServices.has(service) ? queryCodes : jsonCodes;
};

const messages: Readonly<Record<Exclude<Denial, 'denied'>, string>> = {
  unsigned: 'Request is missing Authentication Token',
  incomplete: 'The request signature does not conform to AWS standards.',
  unknownCredentials: 'The security token included in the request is invalid.',
  wrongToken: 'The security token included in the request is invalid.',
  expiredToken: 'The security token included in the request is expired',
  wrongSignature:
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
  wrongDate: 'Signature expired',
  expiredRequest: 'Request has expired.',
};

/** The refusal with the code that `service` has for it. */
export const denial = (service: string, why: Exclude<Denial, 'denied'>, message: string = messages[why]): AwsError =>
  new AwsError(codesOf(service)[why], message);

/** The error codes with which `service` can refuse a request. */
export const denialCodes = (service: string): readonly string[] => Object.values(codesOf(service));

/** The refusal of a request that no policy allows. */
export const accessDenied = (service: string, message: string): AwsError =>
  new AwsError(codesOf(service).denied, message);

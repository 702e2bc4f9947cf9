import type { AwsError } from '../service.ts';

/**
 * Errors of the services' models whose HTTP status is not 400, by service and code: the `httpError` traits of the models in
 * @aws-sdk/client-*. A test compares each error of each model.
 */
const modelled: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'cognito-identity': {
    InternalErrorException: 500,
    NotAuthorizedException: 403,
    ResourceConflictException: 409,
    ResourceNotFoundException: 404,
    TooManyRequestsException: 429,
  },
  dynamodb: { InternalServerError: 500, InvalidEndpointException: 421 },
  kinesis: { InternalFailureException: 500 },
  s3: {
    AccessDenied: 403,
    BucketAlreadyExists: 409,
    BucketAlreadyOwnedByYou: 409,
    InvalidObjectState: 403,
    NoSuchAnnotation: 404,
    NoSuchBucket: 404,
    NoSuchKey: 404,
    NoSuchUpload: 404,
    ObjectAlreadyInActiveTierError: 403,
    ObjectNotInActiveTierError: 403,
    UnsupportedMediaType: 415,
  },
  sqs: {
    InvalidAddress: 404,
    InvalidSecurity: 403,
    KmsOptInRequired: 403,
    OverLimit: 403,
    PurgeQueueInProgress: 403,
    ReceiptHandleIsInvalid: 404,
    RequestThrottled: 403,
    ResourceNotFoundException: 404,
  },
  states: { ConflictException: 409, ResourceNotFound: 404, ServiceQuotaExceededException: 402 },
  sts: {
    IDPRejectedClaim: 403,
    OutboundWebIdentityFederationDisabledException: 403,
    RegionDisabledException: 403,
    SessionDurationEscalationException: 403,
  },
};

/**
 * Errors that any service may answer. The names that end in Exception come from the services with a JSON protocol and have
 * status 400, the others from SQS, STS and S3.
 * https://github.com/awslabs/amazon-kinesis-producer/issues/49
 * https://github.com/awslabs/amazon-kinesis-scaling-utils/issues/46
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 * https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
const common: Readonly<Record<string, number>> = {
  AccessDenied: 403,
  ExpiredToken: 403,
  IncompleteSignature: 400,
  InternalFailure: 500,
  InvalidAccessKeyId: 403,
  InvalidClientTokenId: 403,
  MissingAuthenticationToken: 403,
  NotImplemented: 501,
  RequestExpired: 400,
  RequestTimeTooSkewed: 403,
  SignatureDoesNotMatch: 403,
};

/** S3's own, which its model does not have. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList */
const ofS3: Readonly<Record<string, number>> = {
  ExpiredToken: 400,
  InternalError: 500,
  InvalidToken: 400,
  ServiceUnavailable: 503,
  SlowDown: 503,
};

/** The HTTP status with which `service` answers an error. */
export const errorStatus = (service: string, { code, status }: Pick<AwsError, 'code' | 'status'>): number =>
  status ?? modelled[service]?.[code] ?? (service === 's3' ? ofS3[code] : undefined) ?? common[code] ?? 400;

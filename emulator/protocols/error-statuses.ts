import type { AwsError } from '../service.ts';

/**
 * Errors of the services' models whose HTTP status is not 400, by service and code: the `httpError` traits of the models in
 * @aws-sdk/client-*. A test compares each error of each model.
 */
const modelled: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  cloudformation: {
    ChangeSetNotFound: 404,
    ConcurrentResourcesLimitExceeded: 429,
    CreatedButModifiedException: 409,
    GeneratedTemplateNotFound: 404,
    HookResultNotFound: 404,
    NameAlreadyExistsException: 409,
    OperationIdAlreadyExistsException: 409,
    OperationInProgressException: 409,
    OperationNotFoundException: 404,
    StackInstanceNotFoundException: 404,
    StackNotFoundException: 404,
    StackRefactorNotFoundException: 404,
    StackSetNotEmptyException: 409,
    StackSetNotFoundException: 404,
    StaleRequestException: 409,
    TypeConfigurationNotFoundException: 404,
    TypeNotFoundException: 404,
  },
  'cognito-identity': {
    InternalErrorException: 500,
    NotAuthorizedException: 403,
    ResourceConflictException: 409,
    ResourceNotFoundException: 404,
    TooManyRequestsException: 429,
  },
  dynamodb: { InternalServerError: 500, InvalidEndpointException: 421 },
  iam: {
    ConcurrentModification: 409,
    DeleteConflict: 409,
    DuplicateCertificate: 409,
    EntityAlreadyExists: 409,
    EntityTemporarilyUnmodifiable: 409,
    FeatureDisabled: 404,
    FeatureEnabled: 409,
    InvalidAuthenticationCode: 403,
    LimitExceeded: 409,
    NameConflict: 409,
    NoSuchEntity: 404,
    NotSupportedService: 404,
    PolicyEvaluation: 500,
    ReportExpired: 410,
    ReportGenerationLimitExceeded: 409,
    ReportInProgress: 404,
    ReportNotPresent: 410,
    RoleModified: 409,
    ServiceFailure: 500,
  },
  kinesis: { InternalFailureException: 500 },
  lambda: {
    CodeArtifactUserDeletedException: 409,
    CodeArtifactUserFailedException: 409,
    CodeArtifactUserPendingException: 409,
    CodeSigningConfigNotFoundException: 404,
    DurableExecutionAlreadyStartedException: 409,
    EC2AccessDeniedException: 502,
    EC2ThrottledException: 502,
    EC2UnexpectedException: 502,
    EFSIOException: 410,
    EFSMountConnectivityException: 408,
    EFSMountFailureException: 403,
    EFSMountTimeoutException: 408,
    ENILimitReachedException: 502,
    ENINotReadyException: 502,
    InvalidRuntimeException: 502,
    InvalidSecurityGroupIDException: 502,
    InvalidSubnetIDException: 502,
    InvalidZipFileException: 502,
    KMSAccessDeniedException: 502,
    KMSDisabledException: 502,
    KMSInvalidStateException: 502,
    KMSNotFoundException: 502,
    PreconditionFailedException: 412,
    ProvisionedConcurrencyConfigNotFoundException: 404,
    RequestTooLargeException: 413,
    ResourceConflictException: 409,
    ResourceNotFoundException: 404,
    ResourceNotReadyException: 502,
    S3FilesMountConnectivityException: 408,
    S3FilesMountFailureException: 403,
    S3FilesMountTimeoutException: 408,
    SerializedRequestEntityTooLargeException: 413,
    ServiceException: 500,
    ServiceQuotaExceededException: 402,
    SnapStartNotReadyException: 409,
    SnapStartRegenerationFailureException: 409,
    SnapStartTimeoutException: 408,
    SubnetIPAddressLimitReachedException: 502,
    TooManyRequestsException: 429,
    UnsupportedMediaTypeException: 415,
  },
  logs: { InternalServerException: 500, ServiceUnavailableException: 500 },
  monitoring: {
    ConcurrentModificationException: 429,
    ConflictException: 409,
    DashboardNotFoundError: 404,
    InternalServiceFault: 500,
    ResourceConflict: 409,
    ResourceNotFound: 404,
    ResourceNotFoundException: 404,
  },
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
 * Errors that any service may answer and that no model has. The names that end in Exception come from the services with a JSON protocol and
 * have status 400; the others come from S3 and from the services that had the query protocol first. UnsupportedProtocol is the emulator's own.
 * https://github.com/awslabs/amazon-kinesis-producer/issues/49
 * https://github.com/awslabs/amazon-kinesis-scaling-utils/issues/46
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 * https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
const common: Readonly<Record<string, number>> = {
  AccessDenied: 403,
  AccessDeniedException: 400,
  ExpiredToken: 403,
  ExpiredTokenException: 400,
  IncompleteSignature: 400,
  IncompleteSignatureException: 400,
  InternalFailure: 500,
  InvalidClientTokenId: 403,
  InvalidParameterValue: 400,
  InvalidSignatureException: 400,
  MissingAuthenticationToken: 403,
  MissingAuthenticationTokenException: 400,
  MissingParameter: 400,
  RequestExpired: 400,
  SerializationException: 400,
  SignatureDoesNotMatch: 403,
  UnknownOperationException: 400,
  UnsupportedProtocol: 400,
  UnrecognizedClientException: 400,
  ValidationError: 400,
  ValidationException: 400,
};

/** S3's own, which its model does not have. https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList */
const ofS3: Readonly<Record<string, number>> = {
  AuthorizationHeaderMalformed: 400,
  ExpiredToken: 400,
  InternalError: 500,
  InvalidAccessKeyId: 403,
  InvalidArgument: 400,
  InvalidToken: 400,
  InvalidURI: 400,
  KeyTooLongError: 400,
  NotImplemented: 501,
  RequestTimeTooSkewed: 403,
  ServiceUnavailable: 503,
  SlowDown: 503,
};

/**
 * Lambda's own, which its model does not have. Its REST protocol answers 403 where the JSON protocols answer 400.
 * AccessDeniedException: https://github.com/awslabs/aws-deployment-framework/issues/460
 * UnrecognizedClientException: https://github.com/iann0036/iamlive/issues/58
 * RequestEntityTooLargeException: https://github.com/awslabs/aws-athena-query-federation/issues/793
 * Assumed: 403 for the other refusals of a signature.
 */
const ofLambda: Readonly<Record<string, number>> = {
  AccessDeniedException: 403,
  ExpiredTokenException: 403,
  IncompleteSignatureException: 403,
  InvalidSignatureException: 403,
  MissingAuthenticationTokenException: 403,
  RequestEntityTooLargeException: 413,
  UnrecognizedClientException: 403,
};

const ofServices: Readonly<Record<string, Readonly<Record<string, number>>>> = { s3: ofS3, lambda: ofLambda };

/** The HTTP status that a source has for an error of `service`; undefined for an error of the model with status 400, and for unknown ones. */
export const statedStatus = (service: string, code: string): number | undefined =>
  modelled[service]?.[code] ?? ofServices[service]?.[code] ?? common[code];

/** The HTTP status with which `service` answers an error: the one that the error itself has, else the one of its source, else 400. */
export const errorStatus = (service: string, { code, status }: Pick<AwsError, 'code' | 'status'>): number =>
  status ?? statedStatus(service, code) ?? 400;

import type { Parameters } from '../service.ts';
import { AwsError } from '../service.ts';

/**
 * Refuses a parameter that breaks a constraint of the service model (@aws-sdk/client-cognito-identity).
 * The code and the message: https://github.com/aws/amazon-freertos/issues/1829
 */
export const invalid = (name: string, value: unknown, constraint: string) =>
  new AwsError(
    'ValidationException',
    `1 validation error detected: Value ${value === undefined ? 'null' : `'${JSON.stringify(value)}'`} at '${name}' failed to satisfy constraint: ${constraint}`,
  );

/** The pattern and the length of both ids. https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetId.html */
const idForm = /^[\w-]+:[0-9a-f-]+$/;
const maxIdCharacters = 55;

/** An identity's or a pool's id. @throws AwsError ValidationException */
export const idOf = (value: unknown, name: string): string => {
  if (typeof value === 'string' && idForm.test(value) && value.length <= maxIdCharacters) return value;
  throw value === undefined
    ? invalid(name, value, 'Member must not be null')
    : invalid(name, value, String.raw`Member must satisfy regular expression pattern: [\w-]+:[0-9a-f-]+`);
};

/** Logins of identity providers are not supported. @throws AwsError InvalidParameterException naming what is not supported. */
export const refuseLogins = (parameters: Parameters): void => {
  const logins = parameters['Logins'];
  if (typeof logins === 'object' && logins !== null && Object.keys(logins).length > 0) {
    throw new AwsError('InvalidParameterException', 'The emulator does not support the Logins of identity providers');
  }
};

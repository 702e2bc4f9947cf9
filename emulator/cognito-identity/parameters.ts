import type { Parameters } from '../service.ts';
import { AwsError } from '../service.ts';

/** What AWS answers about a parameter that breaks the API model's constraints. */
export const invalid = (name: string, value: unknown, constraint: string) =>
  new AwsError(
    'ValidationException',
    `1 validation error detected: Value ${value === undefined ? 'null' : `'${JSON.stringify(value)}'`} at '${name}' failed to satisfy constraint: ${constraint}`,
  );

const idForm = /^[\w-]+:[0-9a-f-]+$/;
const maxIdCharacters = 55;

/** An identity's or a pool's id. @throws AwsError ValidationException */
export const idOf = (value: unknown, name: string): string => {
  if (typeof value === 'string' && idForm.test(value) && value.length <= maxIdCharacters) return value;
  throw value === undefined
    ? invalid(name, value, 'Member must not be null')
    : invalid(name, value, String.raw`Member must satisfy regular expression pattern: [\w-]+:[0-9a-f-]+`);
};

/** Guests only: nobody logs in here. @throws AwsError InvalidParameterException naming what is not supported. */
export const refuseLogins = (parameters: Parameters): void => {
  const logins = parameters['Logins'];
  if (typeof logins === 'object' && logins !== null && Object.keys(logins).length > 0) {
    throw new AwsError('InvalidParameterException', 'The emulator does not support Logins: identities are guests');
  }
};

import { InvalidRequest } from '../../../functions/aws/errors.ts';

/** The field an InvalidRequest names; undefined when nothing is thrown. */
export const refused = (check: () => unknown): string | undefined => {
  try {
    check();
  } catch (error) {
    if (error instanceof InvalidRequest) return error.field;
    throw error;
  }
  return undefined;
};

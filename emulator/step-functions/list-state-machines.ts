import type { Action, Parameters } from '../service.ts';
import { AwsError } from '../service.ts';
import type { Machines } from './machines.ts';

const defaultPageSize = 100;
const maxPageSize = 1000;

/** 0 stands for the default. @throws AwsError ValidationException */
const pageSizeOf = ({ maxResults: size = 0 }: Parameters): number => {
  if (typeof size === 'number' && Number.isInteger(size) && size >= 0 && size <= maxPageSize) {
    return size === 0 ? defaultPageSize : size;
  }
  throw new AwsError('ValidationException', `maxResults must be a whole number from 0 to ${maxPageSize}`);
};

/** @throws AwsError InvalidToken */
const startOf = ({ nextToken: token }: Parameters): number => {
  if (token === undefined) return 0;
  if (typeof token === 'string' && /^\d+$/.test(token)) return Number(token);
  throw new AwsError('InvalidToken', 'Invalid Token');
};

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListStateMachines.html */
export const listStateMachines = ({ all, created }: Machines): Action => ({
  permissions: () => [{ action: 'states:ListStateMachines', resource: '*' }],
  run: (parameters) => {
    const start = startOf(parameters);
    const end = start + pageSizeOf(parameters);
    return {
      stateMachines: all.slice(start, end).map(({ definition: { arn, name } }) => ({
        stateMachineArn: arn,
        name,
        type: 'EXPRESS',
        creationDate: created / 1000,
      })),
      ...(end < all.length && { nextToken: String(end) }),
    };
  },
});

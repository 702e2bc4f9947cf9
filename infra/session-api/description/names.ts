import { errors, type ErrorName } from '../../../client/shared/errors.ts';
import { parameters, type ParameterName } from '../../../client/shared/parameters.ts';

/** The names in a table of ours, in its order. */
const namesIn = <T extends object>(table: T): readonly (keyof T)[] => Object.keys(table) as (keyof T)[];

export const errorNames: readonly ErrorName[] = namesIn(errors);

export const parameterNames: readonly ParameterName[] = namesIn(parameters);

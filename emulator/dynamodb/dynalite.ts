import { createRequire } from 'node:module';
import { AwsError } from '../service.ts';
import type { Parameters } from '../service.ts';

/**
 * The parts of dynalite that are behind its HTTP server; it has no types of its own. Version 4.0.0, pinned.
 * https://github.com/architect/dynalite has tests that compare its limits, errors and messages with those of DynamoDB.
 */
interface Validation {
  /** By parameter. */
  readonly types: object;
  readonly custom?: unknown;
}
interface Validations {
  checkTypes(data: unknown, types: object): object;
  checkValidations(data: object, types: object, custom: unknown, store: Store): void;
}
interface Failure {
  readonly body?: { readonly __type?: string; readonly message?: string; readonly Message?: string };
}
type Run = (store: Store, data: object, callback: (error: Failure | null, answer: object) => void) => void;

/** dynalite's tables. */
export interface Store {
  /** The account and the Region in its ARNs. */
  readonly tableDb: { awsAccountId: string; awsRegion: string };
}

const load = createRequire(import.meta.url);
const validations = load('dynalite/validations') as Validations;
const { create } = load('dynalite/db') as { create: (options: object) => Store };

/** The actions that are offered. dynalite has no transactions. */
export const actionNames = [
  'BatchGetItem',
  'BatchWriteItem',
  'CreateTable',
  'DeleteItem',
  'DescribeTable',
  'GetItem',
  'ListTables',
  'PutItem',
  'Query',
  'Scan',
  'UpdateItem',
] as const;
export type ActionName = (typeof actionNames)[number];

const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

const parts = new Map(
  actionNames.map((name) => [
    name,
    {
      run: load(`dynalite/actions/${lowerFirst(name)}`) as Run,
      validation: load(`dynalite/validations/${lowerFirst(name)}`) as Validation,
    },
  ]),
);

const asAwsError = (failure: unknown): unknown => {
  if (failure instanceof AwsError) return failure;
  const { body } = failure as Failure;
  if (body?.__type === undefined) return failure;
  const code = body.__type.replace(/^.*#/, '');
  return new AwsError(code, body.message ?? body.Message ?? code);
};

export const createStore = ({ accountId, region }: { accountId: string; region: string }): Store => {
  const store = create({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  Object.assign(store.tableDb, { awsAccountId: accountId, awsRegion: region });
  return store;
};

/** Parameters that expressions have replaced: dynalite takes them, but the permissions do not read them. */
const legacy = new Set([
  'AttributesToGet',
  'AttributeUpdates',
  'ConditionalOperator',
  'Expected',
  'KeyConditions',
  'QueryFilter',
  'ScanFilter',
]);

/** dynalite's Scan leaves this out; every read in memory is consistent. */
const withoutEffect = new Set(['ConsistentRead']);

/** dynalite ignores parameters that it does not know. @throws AwsError naming a parameter that is not supported */
const checkSupported = (parameters: Parameters, { types }: Validation): void => {
  const refused = Object.keys(parameters).find(
    (name) => legacy.has(name) || !(withoutEffect.has(name) || Object.hasOwn(types, name)),
  );
  if (refused === undefined) return;
  throw new AwsError('ValidationException', `The emulator does not support the parameter ${refused}`);
};

/** Runs an action on the store, in this process. @throws AwsError as DynamoDB refuses */
export const runAction = (store: Store, name: ActionName, parameters: Parameters): Promise<object> => {
  const part = parts.get(name);
  if (!part) throw new AwsError('UnknownOperationException', `DynamoDB ${name} is not supported`);
  const { promise, resolve, reject } = Promise.withResolvers<object>();
  try {
    checkSupported(parameters, part.validation);
    // A copy, into which dynalite writes what it parsed from expressions.
    const data = validations.checkTypes(parameters, part.validation.types);
    validations.checkValidations(data, part.validation.types, part.validation.custom, store);
    part.run(store, data, (failure, answer) => {
      if (failure) reject(asAwsError(failure));
      else resolve(answer);
    });
  } catch (failure) {
    reject(asAwsError(failure));
  }
  return promise;
};

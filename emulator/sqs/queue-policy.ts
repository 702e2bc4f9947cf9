import type { Access } from '../access/index.ts';
import type { PolicyDocument, PolicyStatement } from '../service.ts';
import { asList, isObject, memberOf } from '../values.ts';
import { invalidAttributeValue } from './errors.ts';

/** Checks the texts of policies. */
export type PolicyChecks = Pick<Access, 'checkResourcePolicy'>;

/**
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html
 * Assumed: all but the actions are counted over the whole policy, and every key of a Condition is a condition.
 */
const quotas = { bytes: 8192, statements: 20, principals: 50, conditions: 10, actions: 7 };

const refuse = (reason: string) => invalidAttributeValue('Policy', reason);

const keysOf = (value: unknown): string[] => (isObject(value) ? Object.keys(value) : []);
const valuesOf = (value: unknown): unknown[] => (isObject(value) ? Object.values(value) : []);

const principalsOf = (statement: PolicyStatement): unknown[] =>
  ['Principal', 'NotPrincipal'].flatMap((name) => valuesOf(memberOf(statement, name)).flatMap((one) => asList(one)));

const checkQuotas = (text: string, { Statement }: PolicyDocument): void => {
  const statements = asList(Statement);
  if (Buffer.byteLength(text) > quotas.bytes) throw refuse(`A policy has at most ${quotas.bytes} bytes.`);
  if (statements.length > quotas.statements) throw refuse(`A policy has at most ${quotas.statements} statements.`);
  const principals = statements.flatMap((statement) => principalsOf(statement));
  if (principals.length > quotas.principals) throw refuse(`A policy has at most ${quotas.principals} principals.`);
  const conditions = statements.flatMap((statement) => valuesOf(memberOf(statement, 'Condition')).flatMap(keysOf));
  if (conditions.length > quotas.conditions) throw refuse(`A policy has at most ${quotas.conditions} conditions.`);
  if (statements.some((statement) => asList(memberOf(statement, 'Action')).length > quotas.actions)) {
    throw refuse(`A statement has at most ${quotas.actions} actions.`);
  }
};

/** An empty text removes the policy. @throws AwsError InvalidAttributeValue saying what is wrong */
export const readQueuePolicy = (text: string, checks: PolicyChecks): string | undefined => {
  if (text === '') return undefined;
  let document: PolicyDocument;
  try {
    document = checks.checkResourcePolicy(text);
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : 'It is not a policy.');
  }
  checkQuotas(text, document);
  return text;
};

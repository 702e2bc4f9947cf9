import type { PolicyDocument } from '../service.ts';
import { asList, memberOf } from '../values.ts';
import { invalidAttributeValue } from './errors.ts';

export type ReadPolicy = (text: string) => PolicyDocument;

/** Amazon SQS's policy quotas: bytes of a policy, statements of a policy, actions of a statement. */
const quotas = { bytes: 8192, statements: 20, actions: 7 };

const refuse = (reason: string) => invalidAttributeValue('Policy', reason);

const checkQuotas = (text: string, { Statement }: PolicyDocument): void => {
  const statements = asList(Statement);
  if (Buffer.byteLength(text) > quotas.bytes) throw refuse(`A policy has at most ${quotas.bytes} bytes.`);
  if (statements.length > quotas.statements) throw refuse(`A policy has at most ${quotas.statements} statements.`);
  if (statements.some((statement) => asList(memberOf(statement, 'Action')).length > quotas.actions)) {
    throw refuse(`A statement has at most ${quotas.actions} actions.`);
  }
};

/** An empty text takes the policy away. @throws AwsError InvalidAttributeValue saying what is wrong */
export const readQueuePolicy = (text: string, readPolicy: ReadPolicy): string | undefined => {
  if (text === '') return undefined;
  let document: PolicyDocument;
  try {
    document = readPolicy(text);
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : 'It is not a policy.');
  }
  checkQuotas(text, document);
  return text;
};

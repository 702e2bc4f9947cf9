import type { PolicyDocument, PolicyStatement } from '../../service.ts';
import { RecentlyUsed } from '../../recently-used.ts';
import { asList } from '../../values.ts';
import { objectOf } from './json-values.ts';
import { PolicyError } from './policy-error.ts';
import type { PolicyKind, Statement } from './statement.ts';
import { compileStatement } from './statement.ts';

/** A compiled policy. */
export interface Policy {
  readonly allows: readonly Statement[];
  readonly denies: readonly Statement[];
  /** The statement a compiled one was made from. */
  source(statement: Statement): PolicyStatement;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html */
const versions = new Set([undefined, '2008-10-17', '2012-10-17']);
const elements = new Set(['Version', 'Id', 'Statement']);

const checkDocument = (document: Readonly<Record<string, unknown>>, kind: PolicyKind): void => {
  const unknown = Object.keys(document).find((name) => !elements.has(name));
  if (unknown !== undefined) throw new PolicyError(`The policy element ${unknown} is not supported`);
  const version = document['Version'];
  if (version !== undefined && (typeof version !== 'string' || !versions.has(version))) {
    throw new PolicyError(`The policy version ${JSON.stringify(version)} is not supported`);
  }
  if ('Id' in document && (kind === 'identity' || kind === 'session')) {
    throw new PolicyError('A policy of an identity or a session has no Id');
  }
};

const compile = (value: unknown, kind: PolicyKind): Policy => {
  const document = objectOf(value, 'A policy');
  checkDocument(document, kind);
  const statements = asList(document['Statement']).map((statement) => objectOf(statement, 'Statement'));
  if (statements.length === 0) throw new PolicyError('A policy needs a statement');
  const variables = document['Version'] === '2012-10-17';
  const compiled = statements.map((statement) => compileStatement(statement, kind, variables));
  return {
    allows: compiled.filter(({ effect }) => effect === 'Allow'),
    denies: compiled.filter(({ effect }) => effect === 'Deny'),
    source: (statement) => statements[compiled.indexOf(statement)] ?? {},
  };
};

const compiled: Readonly<Record<PolicyKind, WeakMap<PolicyDocument, Policy>>> = {
  ...{ identity: new WeakMap(), session: new WeakMap() },
  ...{ resource: new WeakMap(), trust: new WeakMap() },
};

/**
 * Compiles a policy; the compiled one is kept as long as the document.
 * @throws PolicyError naming what is malformed or not supported.
 */
export const compilePolicy = (document: PolicyDocument, kind: PolicyKind): Policy => {
  const known = compiled[kind].get(document);
  if (known) return known;
  const policy = compile(document, kind);
  compiled[kind].set(document, policy);
  return policy;
};

const hasStatement = (document: object): document is PolicyDocument =>
  'Statement' in document && typeof document.Statement === 'object' && document.Statement !== null;

/** The value as a policy. @throws PolicyError when it is malformed or not supported. */
export const checkPolicy = (value: unknown, kind: PolicyKind): PolicyDocument => {
  const document = objectOf(value, 'A policy');
  if (!hasStatement(document)) throw new PolicyError('Statement is not an object');
  compile(document, kind);
  return document;
};

/** Reads a policy from its JSON text. @throws PolicyError when it is not JSON, malformed or not supported. */
export const parsePolicy = (text: string, kind: PolicyKind): PolicyDocument => {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw new PolicyError('The policy is not JSON');
  }
  return checkPolicy(document, kind);
};

/** Policies that are kept compiled. A compiled policy takes five times the memory of its text, and each queue may have one. */
const maxDocuments = 5_000;

const documents = {
  resource: new RecentlyUsed<string, PolicyDocument>(maxDocuments),
  session: new RecentlyUsed<string, PolicyDocument>(maxDocuments),
};

/**
 * A policy that is to be evaluated, from its JSON text. The same text gives the same document while it is in use, so callers need to keep
 * only the text.
 * @throws PolicyError when it is not JSON, malformed or not supported.
 */
export const readPolicy = (text: string, kind: keyof typeof documents): PolicyDocument =>
  documents[kind].get(text, () => parsePolicy(text, kind));

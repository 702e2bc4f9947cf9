import { RecentlyUsed } from '../../recently-used.ts';
import type { Condition } from './conditions.ts';
import { compileConditions } from './conditions.ts';
import { objectOf, textsOf } from './json-values.ts';
import { PolicyError } from './policy-error.ts';
import type { PrincipalElement } from './principals.ts';
import { compileNotPrincipal, compilePrincipal } from './principals.ts';
import type { RequestContext } from './request-context.ts';
import type { TextTemplate } from './text-template.ts';
import { textTemplate } from './text-template.ts';

/** Where a policy is attached; decides which elements it may and must have. */
export type PolicyKind = 'identity' | 'session' | 'resource' | 'trust';

export interface Statement {
  readonly effect: 'Allow' | 'Deny';
  /** The principals it applies to; undefined in identity and session policies, which apply to the caller. */
  readonly principal: PrincipalElement | undefined;
  /** Whether action, resource and conditions fit the request. */
  applies(action: string, resource: string, context: RequestContext): boolean;
}

const elements = new Set([
  ...['Sid', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction'],
  ...['Resource', 'NotResource', 'Condition'],
]);

type ActionTest = (action: string) => boolean;

const compileAction = (text: string): ActionTest => {
  if (text === '*') return () => true;
  if (!/^[a-z0-9-]+:[\w*?]+$/i.test(text)) throw new PolicyError(`${text} is not an action`);
  const pattern = textTemplate(text, { wildcards: true, variables: false, ignoreCase: true });
  return (action) => pattern.matches(action, () => undefined);
};

/** Remembers the answers: a policy is evaluated for the same few actions again and again. */
const remembered = (test: ActionTest): ActionTest => {
  const answers = new Map<string, boolean>();
  return (action) => {
    const known = answers.get(action);
    if (known !== undefined) return known;
    const answer = test(action);
    answers.set(action, answer);
    return answer;
  };
};

/** The parts that are the same in the policies of many queues and sessions are compiled once. */
const sharedParts = 1000;
const sharedActions = new RecentlyUsed<string, ActionTest>(sharedParts);
const sharedPrincipals = new RecentlyUsed<string, PrincipalElement>(sharedParts);

const compileActions = (statement: Readonly<Record<string, unknown>>): ActionTest => {
  const negated = 'NotAction' in statement;
  const texts = textsOf(statement[negated ? 'NotAction' : 'Action'], 'Action');
  return sharedActions.get(JSON.stringify([negated, texts]), () => {
    const tests = texts.map(compileAction);
    return remembered((action) => tests.some((test) => test(action)) !== negated);
  });
};

const componentCount = 6;

/**
 * An ARN with its missing components as wildcards, which identity policies alone may leave out.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html, resource_string
 */
const completeArn = (text: string, kind: PolicyKind): string => {
  if (text === '*') return text;
  const found = text.split(':').length;
  if (!text.startsWith('arn:')) throw new PolicyError(`${text} is not an ARN`);
  if (found >= componentCount) return text;
  if (kind !== 'identity') throw new PolicyError(`The ARN ${text} is not complete`);
  return text + ':*'.repeat(componentCount - found);
};

const checkVariablePlace = (text: string): void => {
  const head = text.split(':').slice(0, componentCount - 1);
  if (head.join(':').includes('${')) {
    throw new PolicyError(`${text}: policy variables are allowed after an ARN's fifth colon only`);
  }
};

const compileResource = (text: string, kind: PolicyKind, variables: boolean): TextTemplate => {
  const arn = completeArn(text, kind);
  if (variables) checkVariablePlace(arn);
  return textTemplate(arn, { wildcards: true, variables });
};

type ResourceTest = (resource: string, context: RequestContext) => boolean;

const compileResources = (
  statement: Readonly<Record<string, unknown>>,
  kind: PolicyKind,
  variables: boolean,
): ResourceTest => {
  if (kind === 'trust') return () => true;
  const negated = 'NotResource' in statement;
  const templates = textsOf(statement[negated ? 'NotResource' : 'Resource'], 'Resource').map((text) =>
    compileResource(text, kind, variables),
  );
  return (resource, context) => templates.some((template) => template.matches(resource, context)) !== negated;
};

const exactlyOne = (statement: Readonly<Record<string, unknown>>, ...names: readonly string[]): void => {
  if (names.filter((name) => name in statement).length !== 1) {
    throw new PolicyError(`A statement needs exactly one of ${names.join(' and ')}`);
  }
};

const checkElements = (statement: Readonly<Record<string, unknown>>, kind: PolicyKind): void => {
  const unknown = Object.keys(statement).find((name) => !elements.has(name));
  if (unknown !== undefined) throw new PolicyError(`The policy element ${unknown} is not supported`);
  if (statement['Effect'] !== 'Allow' && statement['Effect'] !== 'Deny')
    throw new PolicyError('Effect is Allow or Deny');
  exactlyOne(statement, 'Action', 'NotAction');
  if (kind === 'trust') {
    if ('Resource' in statement || 'NotResource' in statement) throw new PolicyError('A trust policy has no Resource');
  } else {
    exactlyOne(statement, 'Resource', 'NotResource');
  }
  if (kind === 'identity' || kind === 'session') {
    if ('Principal' in statement || 'NotPrincipal' in statement) {
      throw new PolicyError('A policy of an identity or a session has no Principal');
    }
  } else {
    exactlyOne(statement, 'Principal', 'NotPrincipal');
  }
};

const compilePrincipalElement = (
  statement: Readonly<Record<string, unknown>>,
  kind: PolicyKind,
): PrincipalElement | undefined => {
  if (kind === 'identity' || kind === 'session') return undefined;
  if ('Principal' in statement) {
    const element = statement['Principal'];
    return sharedPrincipals.get(JSON.stringify([kind, element]), () => compilePrincipal(element, kind));
  }
  if (kind === 'trust') throw new PolicyError('A trust policy has no NotPrincipal');
  if (statement['Effect'] !== 'Deny') throw new PolicyError('NotPrincipal is supported with Deny only');
  return compileNotPrincipal(statement['NotPrincipal']);
};

const allHold = (conditions: readonly Condition[], context: RequestContext): boolean =>
  conditions.every((condition) => condition(context));

/** @throws PolicyError for everything that is malformed or not supported. */
export const compileStatement = (value: unknown, kind: PolicyKind, variables: boolean): Statement => {
  const statement = objectOf(value, 'Statement');
  checkElements(statement, kind);
  const actions = compileActions(statement);
  const resources = compileResources(statement, kind, variables);
  const conditions = compileConditions(statement['Condition'], variables);
  return {
    effect: statement['Effect'] === 'Allow' ? 'Allow' : 'Deny',
    principal: compilePrincipalElement(statement, kind),
    applies: (action, resource, context) =>
      actions(action) && resources(resource, context) && allHold(conditions, context),
  };
};

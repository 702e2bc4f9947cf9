import { Compile, parse } from 'velocityjs';
import { isList } from '../values.ts';
import { MappingTemplateError, callMethod, isTrue, readMember, readProperty } from './java-values.ts';

type Ast = ReturnType<typeof parse>[number];

/** One step from a value to the next: `.name`, `.name(parameters)` or `[index]`. */
type Step =
  | { readonly type: 'property'; readonly id: string }
  | { readonly type: 'method'; readonly id: string; readonly args?: readonly Ast[] | false }
  | { readonly type: 'index'; readonly id: Ast };

/** An operand of an operator. */
type Operand = Extract<Ast, { readonly type: 'math' }>['expression'][number];

/** An operator that velocityjs does not have: whether a value is true in Velocity. */
const truth = 'truth';

/** velocityjs declares all values as strings, but they can have any type. */
const untyped = (value: unknown): string => value as string;

/** Variables a template can use: `$input`, `$util`, `$context`. */
export type Variables = Readonly<Record<string, unknown>>;

/**
 * velocityjs with Java's values in place of JavaScript's: only the methods that Java's strings, lists and maps have, only members that
 * are in the data, and conditions are true as in Velocity 1.7. Printing a reference to a map, or one without a value, is an error:
 * Velocity would print Java's text of the map, or the source of the reference.
 * https://velocity.apache.org/engine/1.7/user-guide.html
 * Assumed: the version, which AWS does not name. https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings.html
 */
class JavaTemplate extends Compile {
  getAttributes(step: Step, value: unknown): unknown {
    if (value === undefined || value === null) return undefined;
    if (step.type === 'property') return readProperty(value, step.id);
    if (step.type === 'index') return readMember(value, this.getLiteral(step.id));
    const parameters = (step.args || []).map((parameter): unknown => this.getLiteral(parameter));
    return callMethod(value, step.id, parameters);
  }

  override getExpression(ast: Ast): string {
    if (ast.type !== 'math') return super.getExpression(ast);
    const { operator, expression } = ast;
    const value = (index: 0 | 1): boolean => {
      const operand = expression[index];
      return operand !== undefined && isTrue(this.getExpression(operand));
    };
    switch (operator) {
      case '&&':
        return untyped(value(0) && value(1));
      case '||':
        return untyped(value(0) || value(1));
      case 'not':
        return untyped(!value(0));
      case truth:
        return untyped(value(0));
      default:
        return super.getExpression(ast);
    }
  }

  override getReferences(ast: Ast, isPrinted?: boolean): string {
    const value: unknown = super.getReferences(ast, false);
    if (!isPrinted || ast.type !== 'references') return untyped(value);
    const { id, leader, path = [] } = ast;
    const name = [leader + id, ...path.map((step) => (step.type === 'index' ? '[]' : step.id))].join('.');
    if (value === undefined || value === null) {
      if (leader === '$!') return '';
      throw new MappingTemplateError(`${name} has no value`);
    }
    if (typeof value === 'object' || typeof value === 'function') throw new MappingTemplateError(`${name} is not text`);
    return typeof value === 'string' ? value : JSON.stringify(value);
  }
}

/** velocityjs evaluates conditions as JavaScript does. Inside the operator `truth` they are evaluated as in Velocity. */
const wrapConditions = (asts: readonly (Ast | readonly Ast[])[]): void => {
  for (const ast of asts) {
    if (isList(ast)) wrapConditions(ast);
    else if (ast.type === 'if' || ast.type === 'elseif') {
      const operand = ast.condition as Operand;
      ast.condition = { type: 'math', operator: truth, expression: [operand], id: '', value: undefined, pos: ast.pos };
    }
  }
};

/** A mapping template, read once. */
export class MappingTemplate {
  readonly #asts: Ast[];

  /** @throws Error when the text is not Velocity. */
  constructor(text: string) {
    this.#asts = parse(text);
    wrapConditions(this.#asts);
  }

  /** @throws MappingTemplateError naming the reference or the method that does not exist. */
  render(variables: Variables): string {
    return new JavaTemplate(this.#asts).render({ ...variables });
  }
}

/** Many methods have the same template: each text is compiled once. */
const templatesByText = new Map<string, MappingTemplate>();

/** @throws Error when the text is not Velocity */
export const readMappingTemplate = (text: string): MappingTemplate => {
  const template = templatesByText.get(text) ?? new MappingTemplate(text);
  templatesByText.set(text, template);
  return template;
};

import { Compile, parse } from 'velocityjs';
import { TemplateError, callMethod, isTrue, readMember } from './java-values.ts';

type Ast = ReturnType<typeof parse>[number];

interface Reference {
  readonly id: string;
  readonly leader: string;
  readonly path?: readonly Step[];
}

/** One step from a value to the next: `.name`, `.name(parameters)` or `[index]`. */
interface Step {
  readonly type: 'property' | 'method' | 'index';
  readonly id: unknown;
  readonly args?: readonly Ast[] | false;
}

interface Expression {
  readonly type: string;
  readonly operator?: string;
  readonly expression: readonly [Ast, Ast];
}

/** Variables a template can use: `$input`, `$util`, `$context`. */
export type Variables = Readonly<Record<string, unknown>>;

/**
 * velocityjs with Java's values in place of JavaScript's: only the methods that Java's strings, lists and maps have, only
 * members that are in the data, and Velocity 1.7's idea of what is true. What would come out as Java's text of a map, or
 * as the reference's own source because it has no value, is an error.
 */
class JavaTemplate extends Compile {
  getAttributes(step: Step, value: unknown): unknown {
    if (value === undefined || value === null) return undefined;
    if (step.type === 'property') return readMember(value, String(step.id));
    if (step.type === 'index') return readMember(value, this.getLiteral(step.id as Ast));
    const parameters = (step.args || []).map((parameter): unknown => this.getLiteral(parameter));
    return callMethod(value, String(step.id), parameters);
  }

  override getExpression(ast: Ast): string {
    const { operator, expression } = ast as unknown as Expression;
    const value = (index: 0 | 1): boolean => isTrue(this.getExpression(expression[index]));
    const truth = {
      '&&': () => value(0) && value(1),
      '||': () => value(0) || value(1),
      not: () => !value(0),
      truth: () => value(0),
    };
    const evaluate = truth[operator as keyof typeof truth] as (() => boolean) | undefined;
    return (evaluate ? evaluate() : super.getExpression(ast)) as string;
  }

  override getReferences(ast: Ast, isPrinted?: boolean): string {
    const value: unknown = super.getReferences(ast, false);
    if (!isPrinted) return value as string;
    const { id, leader, path = [] } = ast as unknown as Reference;
    const name = [leader + id, ...path.map((step) => (step.type === 'index' ? '[]' : String(step.id)))].join('.');
    if (value === undefined || value === null) {
      if (leader === '$!') return '';
      throw new TemplateError(`${name} has no value`);
    }
    if (typeof value === 'object' || typeof value === 'function') throw new TemplateError(`${name} is not text`);
    return typeof value === 'string' ? value : JSON.stringify(value);
  }
}

/** velocityjs decides conditions by JavaScript's truth; wrapped in an operator of ours they are decided by Java's. */
const wrapConditions = (asts: readonly Ast[]): void => {
  for (const ast of asts) {
    if (Array.isArray(ast)) wrapConditions(ast as readonly Ast[]);
    const { type } = ast;
    if (type === 'if' || type === 'elseif') {
      const block = ast as { condition: unknown };
      block.condition = { type: 'math', operator: 'truth', expression: [block.condition] };
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

  /** @throws TemplateError naming what the template asks for in vain. */
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

import { TemplateError } from './template-error.ts';

/** Where the values come from that intrinsic functions name. */
export interface Sources {
  /** The name of what is being resolved, for errors. */
  readonly where: string;
  ref(name: string): unknown;
  attribute(logicalId: string, name: string): string;
  condition(name: string): boolean;
}

type Intrinsic = (argument: unknown, sources: Sources) => unknown;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const list = (value: unknown, { where }: Sources): readonly unknown[] => {
  if (!Array.isArray(value))
    throw new TemplateError(where, `an intrinsic function wants a list, not ${JSON.stringify(value)}`);
  return value as readonly unknown[];
};

const text = (value: unknown, { where }: Sources): string => {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new TemplateError(where, `an intrinsic function wants a text, not ${JSON.stringify(value)}`);
};

const texts = (value: unknown, sources: Sources): readonly string[] =>
  list(value, sources).map((item) => text(item, sources));

const attribute: Intrinsic = (argument, sources) => {
  const [logicalId = '', ...name] = typeof argument === 'string' ? argument.split('.') : texts(argument, sources);
  return sources.attribute(logicalId, name.join('.'));
};

const substitute: Intrinsic = (argument, sources) => {
  const [template, given] = Array.isArray(argument) ? list(argument, sources) : [argument, {}];
  const values = isObject(given) ? given : {};
  return text(template, sources).replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    if (name in values) return text(resolve(values[name], sources), sources);
    return text(name.includes('.') ? attribute(name, sources) : sources.ref(name), sources);
  });
};

const conditional: Intrinsic = (argument, sources) => {
  const [condition, whenTrue, whenFalse] = list(argument, sources);
  return resolve(sources.condition(text(condition, sources)) ? whenTrue : whenFalse, sources);
};

const conditions = (argument: unknown, sources: Sources): readonly boolean[] =>
  list(argument, sources).map((one) => resolve(one, sources) === true);

const intrinsics: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, sources) => sources.ref(text(argument, sources)),
  Condition: (argument, sources) => sources.condition(text(argument, sources)),
  'Fn::GetAtt': attribute,
  'Fn::Sub': substitute,
  'Fn::If': conditional,
  'Fn::Join': (argument, sources) => {
    const [separator, items] = list(argument, sources);
    return texts(resolve(items, sources), sources).join(text(separator, sources));
  },
  'Fn::Select': (argument, sources) => {
    const [index, items] = list(argument, sources);
    return list(resolve(items, sources), sources)[Number(index)];
  },
  'Fn::Split': (argument, sources) => {
    const [separator, whole] = list(argument, sources);
    return text(resolve(whole, sources), sources).split(text(separator, sources));
  },
  'Fn::Equals': (argument, sources) => {
    const [a, b] = list(argument, sources).map((one) => text(resolve(one, sources), sources));
    return a === b;
  },
  'Fn::Not': (argument, sources) => !conditions(argument, sources)[0],
  'Fn::And': (argument, sources) => conditions(argument, sources).every(Boolean),
  'Fn::Or': (argument, sources) => conditions(argument, sources).some(Boolean),
};

/** Marks what AWS::NoValue leaves out. */
export const noValue = Symbol('AWS::NoValue');

/**
 * A value of the template with its intrinsic functions replaced by what they give.
 * @throws TemplateError naming where, for a function that is not supported or a name that is not there
 */
export const resolve = (value: unknown, sources: Sources): unknown => {
  if (Array.isArray(value)) return value.map((item) => resolve(item, sources)).filter((item) => item !== noValue);
  if (!isObject(value)) return value;
  const [[name, argument] = ['', undefined], ...others] = Object.entries(value);
  const intrinsic = others.length === 0 ? intrinsics[name] : undefined;
  // A policy's condition block, too, may have a single member; only CloudFormation's functions are named like this.
  if (intrinsic && (name !== 'Condition' || typeof argument === 'string')) return intrinsic(argument, sources);
  if (others.length === 0 && name.startsWith('Fn::'))
    throw new TemplateError(sources.where, `${name} is not supported`);
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, member]) => [key, resolve(member, sources)] as const)
      .filter(([, member]) => member !== noValue),
  );
};

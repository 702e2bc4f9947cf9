import { listAt, objectAt, optionalObjectAt, TemplateError, textAt } from './template-error.ts';

/** What intrinsic functions refer to. Each throws TemplateError for a name it does not know. */
export interface Names {
  ref(name: string, place: string): unknown;
  attribute(logicalId: string, name: string, place: string): string;
  condition(name: string, place: string): boolean;
  mapping(path: readonly [string, string, string], place: string): unknown;
}

/** Stands for AWS::NoValue: a member or item that has it is left out. */
export const noValue = Symbol('AWS::NoValue');

type Intrinsic = (argument: unknown, names: Names, place: string) => unknown;

const pair = (value: unknown, place: string): readonly [unknown, unknown] => {
  const items = listAt(value, place);
  if (items.length !== 2) throw new TemplateError(`${place} does not have two items`);
  return [items[0], items[1]];
};

const getAtt: Intrinsic = (argument, names, place) => {
  const [logicalId = '', ...rest] =
    typeof argument === 'string' ? argument.split('.') : listAt(argument, place).map((item) => textAt(item, place));
  return names.attribute(logicalId, rest.join('.'), place);
};

const join: Intrinsic = (argument, names, place) => {
  const [delimiter, items] = pair(argument, place);
  return listAt(resolve(items, names, place), place)
    .map((item) => textAt(item, place))
    .join(textAt(delimiter, place));
};

const split: Intrinsic = (argument, names, place) => {
  const [delimiter, text] = pair(argument, place);
  return textAt(resolve(text, names, place), place).split(textAt(delimiter, place));
};

const select: Intrinsic = (argument, names, place) => {
  const [index, items] = pair(argument, place);
  const list = listAt(resolve(items, names, place), place);
  const position = Number(textAt(resolve(index, names, place), place));
  if (position in list) return list[position];
  throw new TemplateError(`${place} selects item ${position} of ${list.length}`);
};

const substitute = (text: string, own: Readonly<Record<string, unknown>>, names: Names, place: string): string =>
  text.replace(/\$\{([^}]*)\}/g, (_whole, expression: string) => {
    if (expression.startsWith('!')) return `\${${expression.slice(1)}}`;
    const name = expression.trim();
    if (Object.hasOwn(own, name)) return textAt(own[name], place);
    const [logicalId = '', ...rest] = name.split('.');
    return textAt(rest.length > 0 ? names.attribute(logicalId, rest.join('.'), place) : names.ref(name, place), place);
  });

const sub: Intrinsic = (argument, names, place) => {
  if (typeof argument === 'string') return substitute(argument, {}, names, place);
  const [text, own] = pair(argument, place);
  return substitute(textAt(text, place), objectAt(resolve(own, names, place), place), names, place);
};

const findInMap: Intrinsic = (argument, names, place) => {
  const [map = '', first = '', second = ''] = listAt(resolve(argument, names, place), place).map((item) =>
    textAt(item, place),
  );
  return names.mapping([map, first, second], place);
};

const conditional: Intrinsic = (argument, names, place) => {
  const [condition, whenTrue, whenFalse] = listAt(argument, place);
  return resolve(names.condition(textAt(condition, place), place) ? whenTrue : whenFalse, names, place);
};

const isTrue = (value: unknown, names: Names, place: string): boolean => {
  const resolved = resolve(value, names, place);
  if (typeof resolved === 'boolean') return resolved;
  throw new TemplateError(`${place} is not a condition`);
};

const equals: Intrinsic = (argument, names, place) => {
  const [first, second] = pair(resolve(argument, names, place), place);
  return textAt(first, place) === textAt(second, place);
};

const every: Intrinsic = (argument, names, place) =>
  listAt(argument, place).every((item) => isTrue(item, names, place));

const some: Intrinsic = (argument, names, place) => listAt(argument, place).some((item) => isTrue(item, names, place));

const not: Intrinsic = (argument, names, place) => !isTrue(listAt(argument, place)[0], names, place);

const intrinsics: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, names, place) => names.ref(textAt(argument, place), place),
  'Fn::GetAtt': getAtt,
  'Fn::Join': join,
  'Fn::Split': split,
  'Fn::Select': select,
  'Fn::Sub': sub,
  'Fn::FindInMap': findInMap,
  'Fn::If': conditional,
  'Fn::Equals': equals,
  'Fn::And': every,
  'Fn::Or': some,
  'Fn::Not': not,
};

const isIntrinsic = (name: string): boolean => name === 'Ref' || name.startsWith('Fn::');

const call = (name: string, argument: unknown, names: Names, place: string): unknown => {
  const intrinsic = intrinsics[name];
  if (!intrinsic) throw new TemplateError(`${place}: the intrinsic function ${name} is not supported`);
  return intrinsic(argument, names, `${place} ${name}`);
};

const resolveObject = (value: Readonly<Record<string, unknown>>, names: Names, place: string): unknown => {
  const entries = Object.entries(value);
  const [only, ...more] = entries;
  if (only && more.length === 0) {
    const [name, argument] = only;
    if (isIntrinsic(name)) return call(name, argument, names, place);
    if (name === 'Condition' && typeof argument === 'string') return names.condition(argument, place);
  }
  return Object.fromEntries(
    entries
      .map(([name, member]) => [name, resolve(member, names, `${place}.${name}`)] as const)
      .filter(([, member]) => member !== noValue),
  );
};

/** The value with every intrinsic function replaced by what it gives. @throws TemplateError naming the place. */
export const resolve = (value: unknown, names: Names, place: string): unknown => {
  if (Array.isArray(value)) {
    return value.map((item, index) => resolve(item, names, `${place}[${index}]`)).filter((item) => item !== noValue);
  }
  return typeof value === 'object' && value !== null
    ? resolveObject(optionalObjectAt(value, place), names, place)
    : value;
};

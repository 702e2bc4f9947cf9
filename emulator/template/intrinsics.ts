import { listAt, objectAt, optionalObjectAt, TemplateError, textAt } from './template-error.ts';

/** What intrinsic functions refer to. Each throws TemplateError for a name it does not know. */
export interface Names {
  ref(name: string, location: string): unknown;
  attribute(logicalId: string, name: string, location: string): string;
  condition(name: string, location: string): boolean;
  mapping(path: readonly [string, string, string], location: string): unknown;
}

/** Stands for AWS::NoValue: a member or item that has it is left out. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html */
export const noValue = Symbol('AWS::NoValue');

type Intrinsic = (argument: unknown, names: Names, location: string) => unknown;

const pair = (value: unknown, location: string): readonly [unknown, unknown] => {
  const items = listAt(value, location);
  if (items.length !== 2) throw new TemplateError(`${location} does not have two items`);
  return [items[0], items[1]];
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getatt.html */
const getAtt: Intrinsic = (argument, names, location) => {
  const [logicalId = '', ...rest] =
    typeof argument === 'string'
      ? argument.split('.')
      : listAt(argument, location).map((item) => textAt(item, location));
  return names.attribute(logicalId, rest.join('.'), location);
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-join.html */
const join: Intrinsic = (argument, names, location) => {
  const [delimiter, items] = pair(argument, location);
  return listAt(resolve(items, names, location), location)
    .map((item) => textAt(item, location))
    .join(textAt(delimiter, location));
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-split.html */
const split: Intrinsic = (argument, names, location) => {
  const [delimiter, text] = pair(argument, location);
  return textAt(resolve(text, names, location), location).split(textAt(delimiter, location));
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-select.html */
const select: Intrinsic = (argument, names, location) => {
  const [index, items] = pair(argument, location);
  const list = listAt(resolve(items, names, location), location);
  const position = Number(textAt(resolve(index, names, location), location));
  if (position in list) return list[position];
  throw new TemplateError(`${location} selects item ${position} of ${list.length}`);
};

const substitute = (text: string, own: Readonly<Record<string, unknown>>, names: Names, location: string): string =>
  text.replace(/\$\{([^}]*)\}/g, (_whole, expression: string) => {
    if (expression.startsWith('!')) return `\${${expression.slice(1)}}`;
    const name = expression.trim();
    if (Object.hasOwn(own, name)) return textAt(own[name], location);
    const [logicalId = '', ...rest] = name.split('.');
    return textAt(
      rest.length > 0 ? names.attribute(logicalId, rest.join('.'), location) : names.ref(name, location),
      location,
    );
  });

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html */
const sub: Intrinsic = (argument, names, location) => {
  if (typeof argument === 'string') return substitute(argument, {}, names, location);
  const [text, own] = pair(argument, location);
  return substitute(textAt(text, location), objectAt(resolve(own, names, location), location), names, location);
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-findinmap.html */
const findInMap: Intrinsic = (argument, names, location) => {
  const [map = '', first = '', second = ''] = listAt(resolve(argument, names, location), location).map((item) =>
    textAt(item, location),
  );
  return names.mapping([map, first, second], location);
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html */
const conditional: Intrinsic = (argument, names, location) => {
  const [condition, whenTrue, whenFalse] = listAt(argument, location);
  return resolve(names.condition(textAt(condition, location), location) ? whenTrue : whenFalse, names, location);
};

const isTrue = (value: unknown, names: Names, location: string): boolean => {
  const resolved = resolve(value, names, location);
  if (typeof resolved === 'boolean') return resolved;
  throw new TemplateError(`${location} is not a condition`);
};

const equals: Intrinsic = (argument, names, location) => {
  const [first, second] = pair(resolve(argument, names, location), location);
  return textAt(first, location) === textAt(second, location);
};

const every: Intrinsic = (argument, names, location) =>
  listAt(argument, location).every((item) => isTrue(item, names, location));

const some: Intrinsic = (argument, names, location) =>
  listAt(argument, location).some((item) => isTrue(item, names, location));

const not: Intrinsic = (argument, names, location) => !isTrue(listAt(argument, location)[0], names, location);

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html */
const intrinsics: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, names, location) => names.ref(textAt(argument, location), location),
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

const call = (name: string, argument: unknown, names: Names, location: string): unknown => {
  const intrinsic = intrinsics[name];
  if (!intrinsic) throw new TemplateError(`${location}: the intrinsic function ${name} is not supported`);
  return intrinsic(argument, names, `${location} ${name}`);
};

const resolveObject = (value: Readonly<Record<string, unknown>>, names: Names, location: string): unknown => {
  const entries = Object.entries(value);
  const [only, ...more] = entries;
  if (only && more.length === 0) {
    const [name, argument] = only;
    if (isIntrinsic(name)) return call(name, argument, names, location);
    if (name === 'Condition' && typeof argument === 'string') return names.condition(argument, location);
  }
  return Object.fromEntries(
    entries
      .map(([name, member]) => [name, resolve(member, names, `${location}.${name}`)] as const)
      .filter(([, member]) => member !== noValue),
  );
};

/** The value with every intrinsic function replaced by what it gives. @throws TemplateError naming the location. */
export const resolve = (value: unknown, names: Names, location: string): unknown => {
  if (Array.isArray(value)) {
    return value.map((item, index) => resolve(item, names, `${location}[${index}]`)).filter((item) => item !== noValue);
  }
  return typeof value === 'object' && value !== null
    ? resolveObject(optionalObjectAt(value, location), names, location)
    : value;
};

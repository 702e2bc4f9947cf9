import { stringMethod } from './java-strings.ts';

/** A template asks for something that its values do not have. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

type Method = (...parameters: readonly never[]) => unknown;

const methodsKey = Symbol('methods');

/** An object of API Gateway's own, such as $util: members to read and methods to call. */
export const hostObject = (methods: Readonly<Record<string, Method>>, members: object = {}): object => ({
  ...members,
  [methodsKey]: methods,
});

type JavaMap = Readonly<Record<string, unknown>>;
type Methods<T> = Readonly<Record<string, (value: T, ...parameters: readonly never[]) => unknown>>;

const mapMethods: Methods<JavaMap> = {
  containsKey: (map, key: string) => Object.hasOwn(map, key),
  entrySet: (map) => Object.entries(map).map(([key, value]) => ({ key, value })),
  get: (map, key: string) => (Object.hasOwn(map, key) ? map[key] : undefined),
  isEmpty: (map) => Object.keys(map).length === 0,
  keySet: (map) => Object.keys(map),
  size: (map) => Object.keys(map).length,
  values: (map) => Object.values(map),
};

const listMethods: Methods<readonly unknown[]> = {
  contains: (list, value: unknown) => list.includes(value),
  get: (list, index: number) => list[index],
  isEmpty: (list) => list.length === 0,
  size: (list) => list.length,
};

const find = <T>(methods: Methods<T>, name: string) => (Object.hasOwn(methods, name) ? methods[name] : undefined);

const methodOf = (value: unknown, name: string): Method | undefined => {
  if (typeof value === 'string') return stringMethod(name)?.bind(undefined, value);
  if (Array.isArray(value)) return find(listMethods, name)?.bind(undefined, value as readonly unknown[]);
  if (typeof value === 'number' || typeof value === 'boolean') {
    return name === 'toString' ? () => String(value) : undefined;
  }
  const host = (value as { [methodsKey]?: Methods<unknown> })[methodsKey];
  if (host) return Object.hasOwn(host, name) ? host[name] : undefined;
  return find(mapMethods, name)?.bind(undefined, value as JavaMap);
};

/** @throws TemplateError when the value has no such method. */
export const callMethod = (value: unknown, name: string, parameters: readonly unknown[]): unknown => {
  const method = methodOf(value, name);
  if (!method) throw new TemplateError(`${typeof value} has no method ${name}()`);
  return method(...(parameters as readonly never[]));
};

/** A map's member or a list's element; undefined, Velocity's null, when there is none. */
export const readMember = (value: unknown, name: string | number): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string | number, unknown>>)[name]
    : undefined;

/** What counts as true in Velocity 1.7: everything but false and null, the empty string too. */
export const isTrue = (value: unknown): boolean => value !== undefined && value !== null && value !== false;

import type { JsonObject } from '../values.ts';
import { isList, isObject } from '../values.ts';
import { stringMethod } from './java-strings.ts';

/** A template reads a member, or calls a method, that a value does not have. */
export class MappingTemplateError extends Error {
  override readonly name = 'MappingTemplateError';
}

type Method = (...parameters: readonly never[]) => unknown;

class HostObject {
  readonly #methods: Readonly<Record<string, Method>>;

  constructor(methods: Readonly<Record<string, Method>>, members: object) {
    this.#methods = methods;
    Object.assign(this, members);
  }

  method(name: string): Method | undefined {
    return Object.hasOwn(this.#methods, name) ? this.#methods[name] : undefined;
  }
}

/** An object of API Gateway's own, such as $util: members to read and methods to call. */
export const hostObject = (methods: Readonly<Record<string, Method>>, members: object = {}): object =>
  new HostObject(methods, members);

type Methods<T> = Readonly<Record<string, (value: T, ...parameters: readonly never[]) => unknown>>;

/** https://docs.oracle.com/javase/8/docs/api/java/util/Map.html */
const mapMethods: Methods<JsonObject> = {
  containsKey: (map, key: string) => Object.hasOwn(map, key),
  entrySet: (map) => Object.entries(map).map(([key, value]) => ({ key, value })),
  get: (map, key: string) => (Object.hasOwn(map, key) ? map[key] : undefined),
  isEmpty: (map) => Object.keys(map).length === 0,
  keySet: (map) => Object.keys(map),
  size: (map) => Object.keys(map).length,
  values: (map) => Object.values(map),
};

/** https://docs.oracle.com/javase/8/docs/api/java/util/List.html */
const listMethods: Methods<readonly unknown[]> = {
  contains: (list, value: unknown) => list.includes(value),
  get: (list, index: number) => list[index],
  isEmpty: (list) => list.length === 0,
  size: (list) => list.length,
};

const find = <T>(methods: Methods<T>, name: string) => (Object.hasOwn(methods, name) ? methods[name] : undefined);

const methodOf = (value: unknown, name: string): Method | undefined => {
  if (typeof value === 'string') return stringMethod(name)?.bind(undefined, value);
  if (isList(value)) return find(listMethods, name)?.bind(undefined, value);
  if (typeof value === 'number' || typeof value === 'boolean') {
    return name === 'toString' ? () => String(value) : undefined;
  }
  if (value instanceof HostObject) return value.method(name);
  return isObject(value) ? find(mapMethods, name)?.bind(undefined, value) : undefined;
};

/** @throws MappingTemplateError when the value has no such method. */
export const callMethod = (value: unknown, name: string, parameters: readonly unknown[]): unknown => {
  const method = methodOf(value, name);
  if (!method) throw new MappingTemplateError(`${typeof value} has no method ${name}()`);
  return Reflect.apply(method, undefined, [...parameters]);
};

/** A map's member or a list's element; undefined, Velocity's null, when there is none. */
export const readMember = (value: unknown, name: string | number): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;

/**
 * A property as Velocity looks it up: a map's member, or what a getter gives. Of the getters of Java's strings and lists there is isEmpty().
 * "Property Lookup Rules" in https://velocity.apache.org/engine/1.7/user-guide.html
 */
export const readProperty = (value: unknown, name: string): unknown =>
  name === 'empty' && (typeof value === 'string' || isList(value)) ? value.length === 0 : readMember(value, name);

/** Whether a value is true in Velocity 1.7: every value but false and null is, the empty string too. https://velocity.apache.org/engine/1.7/user-guide.html#conditionals */
export const isTrue = (value: unknown): boolean => value !== undefined && value !== null && value !== false;

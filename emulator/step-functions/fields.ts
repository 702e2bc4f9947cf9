import type { Json, JsonObject } from './json.ts';
import { isList, isObject } from './json.ts';

/** A definition is malformed, or holds what is not supported; the message names the state and the field. */
export class DefinitionError extends Error {
  override readonly name = 'DefinitionError';
}

/** The fields of an object in a definition. `done` refuses by name those that were not read. */
export class Fields {
  /** Where the object stands: `State "Send"`. */
  readonly where: string;
  readonly #object: JsonObject;
  readonly #read = new Set(['Comment']);

  /** @throws DefinitionError unless the value is an object. */
  constructor(where: string, value: Json | undefined) {
    this.where = where;
    this.#object = isObject(value) ? value : this.refuse('an object is missing');
  }

  /** The field's value, or undefined when it is not there. */
  get(name: string): Json | undefined {
    this.#read.add(name);
    return this.#object[name];
  }

  /** The names of the fields that have not been read. */
  get rest(): readonly string[] {
    return Object.keys(this.#object).filter((name) => !this.#read.has(name));
  }

  entries(): readonly (readonly [string, Json])[] {
    return Object.entries(this.#object);
  }

  text(name: string): string {
    const value = this.get(name);
    return typeof value === 'string' ? value : this.refuse(`${name} must be a string`);
  }

  optionalText(name: string): string | undefined {
    return this.get(name) === undefined ? undefined : this.text(name);
  }

  number(name: string, otherwise: number): number {
    const value = this.get(name) ?? otherwise;
    return typeof value === 'number' && value >= 0
      ? value
      : this.refuse(`${name} must be a number that is not negative`);
  }

  list(name: string): readonly Json[] {
    const value = this.get(name);
    return isList(value) ? value : this.refuse(`${name} must be a list`);
  }

  /** The fields of each object in a list; of none when the list is not there. */
  objects(name: string): readonly Fields[] {
    if (this.get(name) === undefined) return [];
    return this.list(name).map((item) => new Fields(`${this.where}, ${name}`, item));
  }

  /** @throws DefinitionError always */
  refuse(what: string): never {
    throw new DefinitionError(`${this.where}: ${what}`);
  }

  /** @throws DefinitionError when a field has not been read. */
  done(): void {
    const [unread] = this.rest;
    if (unread !== undefined) this.refuse(`${unread} is not supported`);
  }
}

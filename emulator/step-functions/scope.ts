import type { Json, JsonObject } from './json.ts';

/** The data that an expression reads. */
export interface Scope {
  readonly data: Json;
  readonly context: JsonObject;
}

/** Gives undefined when a path finds nothing. */
export type Query = (scope: Scope) => Json | undefined;

/** @throws StateFailure States.Runtime when a path finds nothing. */
export type Expression = (scope: Scope) => Json;

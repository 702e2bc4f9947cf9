/**
 * What every schema library that implements Standard Schema has (Zod, Valibot, ArkType, …), as far as it is used here.
 * https://standardschema.dev
 */
export interface StandardSchema<Output = unknown> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
  };
}

export type SchemaResult<Output> =
  { readonly value: Output; readonly issues?: undefined } | { readonly issues: readonly SchemaIssue[] };

export interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** What an event is rejected with whose data is not what the schema of `events.on` asks for: its `name` is SchemaError. */
export interface SchemaError extends Error {
  readonly issues: readonly SchemaIssue[];
}

/** Returns what the schema makes of the value. @throws SchemaError if it is wrong. */
export const validate = async <Output>(schema: StandardSchema<Output>, value: unknown): Promise<Output> => {
  const result = await schema['~standard'].validate(value);
  if (!result.issues) return result.value;
  const text = result.issues.map(({ message }) => message).join('; ');
  throw Object.assign(new Error(text), { name: 'SchemaError', issues: result.issues });
};

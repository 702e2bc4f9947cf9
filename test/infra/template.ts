import * as z from 'zod/mini';

/** Any JSON, read with the helpers below. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json | undefined;
}

export interface Resource {
  readonly id: string;
  readonly Type: string;
  readonly Properties: JsonObject;
  readonly DeletionPolicy?: string | undefined;
  readonly UpdateReplacePolicy?: string | undefined;
}

const isObject = (json: Json | undefined): json is JsonObject =>
  typeof json === 'object' && json !== null && !Array.isArray(json);

const isList = (json: Json | undefined): json is readonly Json[] => Array.isArray(json);

/** @throws Error when it is another value. */
export const textOf = (json: Json | undefined): string => {
  if (typeof json !== 'string') throw new Error(`This is not a text: ${JSON.stringify(json)}`);
  return json;
};

/** @throws Error when it is another value. */
export const objectOf = (json: Json | undefined): JsonObject => {
  if (!isObject(json)) throw new Error(`This is not an object: ${JSON.stringify(json)}`);
  return json;
};

const listOf = (json: Json | undefined): readonly Json[] => {
  if (!isList(json)) throw new Error(`This is not a list: ${JSON.stringify(json)}`);
  return json;
};

/** A logical id without the hash the CDK ends it with. */
const withoutHash = (id: string): string => id.replace(/[0-9A-F]{8}$/, '');

const attribute = ([id = '', name = '']: readonly string[]): string => `<${withoutHash(id)}.${name}>`;

/** Writes references as text: `<SessionsTable.Arn>`, `<AWS::Region>`, joined with what is around them. */
const flatten = (json: Json | undefined): Json => {
  if (isList(json)) return json.map(flatten);
  if (!isObject(json)) return json ?? null;
  if ('Ref' in json) return `<${withoutHash(textOf(json['Ref']))}>`;
  if ('Fn::GetAtt' in json) return attribute(listOf(json['Fn::GetAtt']).map(textOf));
  if ('Fn::Join' in json) {
    const [separator, parts] = listOf(json['Fn::Join']);
    return listOf(parts)
      .map((part) => textOf(flatten(part)))
      .join(textOf(separator));
  }
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, flatten(value)]));
};

const templateSchema = z.object({
  Resources: z.record(
    z.string(),
    z.looseObject({
      Type: z.string(),
      Properties: z._default(z.record(z.string(), z.json()), {}),
      DeletionPolicy: z.optional(z.string()),
      UpdateReplacePolicy: z.optional(z.string()),
    }),
  ),
  Outputs: z._default(z.record(z.string(), z.looseObject({ Value: z.json() })), {}),
});

/** A synthesized template, with references flattened. */
export class Template {
  readonly resources: readonly Resource[];
  readonly outputs: Readonly<Record<string, { readonly Value: Json }>>;

  constructor(template: unknown) {
    const { Resources, Outputs } = templateSchema.parse(flatten(z.json().parse(template)));
    this.resources = Object.entries(Resources).map(([id, resource]) => ({ ...resource, id: withoutHash(id) }));
    this.outputs = Outputs;
  }

  ofType(type: string): readonly Resource[] {
    return this.resources.filter((resource) => resource.Type === type);
  }

  /** The only resource of its type. */
  only(type: string): Resource {
    const [resource, ...others] = this.ofType(type);
    if (!resource || others.length > 0)
      throw new Error(`There are ${this.ofType(type).length} resources of type ${type}`);
    return resource;
  }

  /** The resource whose logical id begins so, or is so. */
  get(id: string): Resource {
    const resource = this.resources.find((one) => one.id === id);
    if (!resource) throw new Error(`There is no resource ${id}`);
    return resource;
  }

  /** The function whose name ends so: `make-queue`. */
  function(name: string): JsonObject {
    const found = this.ofType('AWS::Lambda::Function').find(({ Properties }) =>
      textOf(Properties['FunctionName']).endsWith(`-${name}`),
    );
    if (!found) throw new Error(`There is no function ${name}`);
    return found.Properties;
  }
}

const oneOrMore = z.union([z.string(), z.array(z.string())]);

const policySchema = z.object({
  Statement: z.array(
    z.object({
      Effect: z.string(),
      Action: oneOrMore,
      Resource: z.optional(oneOrMore),
      Principal: z.optional(z.json()),
      Condition: z.optional(z.json()),
    }),
  ),
});

export type Statement = z.infer<typeof policySchema>['Statement'][number];

/** The statements of a policy document. */
export const statementsIn = (document: Json | undefined): readonly Statement[] =>
  policySchema.parse(document).Statement;

const list = (value: string | readonly string[] | undefined): readonly string[] =>
  typeof value === 'string' ? [value] : (value ?? []);

/** One line for each action and resource: `Allow sqs:SendMessage on <Queue.Arn>`, with the condition at its end. */
const describeStatements = (statements: readonly Statement[]): readonly string[] =>
  statements
    .flatMap(({ Effect, Action, Resource, Condition }) =>
      list(Action).flatMap((action) =>
        list(Resource).map(
          (resource) => `${Effect} ${action} on ${resource}${Condition ? ` if ${JSON.stringify(Condition)}` : ''}`,
        ),
      ),
    )
    .sort();

/** What a role's policies say, sorted. */
export const permissionsOf = (template: Template, roleId: string): readonly string[] =>
  describeStatements(
    template
      .ofType('AWS::IAM::Policy')
      .filter(({ Properties }) => listOf(Properties['Roles']).includes(`<${roleId}>`))
      .flatMap(({ Properties }) => statementsIn(Properties['PolicyDocument'])),
  );

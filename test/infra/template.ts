/** Any JSON, read with the helpers below. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json | undefined;
}

export interface Resource {
  readonly id: string;
  readonly Type: string;
  readonly Properties: JsonObject;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

const isObject = (json: Json | undefined): json is JsonObject =>
  typeof json === 'object' && json !== null && !Array.isArray(json);

/** A logical id without the hash the CDK ends it with. */
const withoutHash = (id: string): string => id.replace(/[0-9A-F]{8}$/, '');

const attribute = ([id = '', name = '']: readonly string[]): string => `<${withoutHash(id)}.${name}>`;

/** Writes references as text: `<SessionsTable.Arn>`, `<AWS::Region>`, joined with what is around them. */
const flatten = (json: Json | undefined): Json => {
  if (Array.isArray(json)) return (json as readonly Json[]).map(flatten);
  if (!isObject(json)) return json ?? null;
  if ('Ref' in json) return `<${withoutHash(json['Ref'] as string)}>`;
  if ('Fn::GetAtt' in json) return attribute(json['Fn::GetAtt'] as readonly string[]);
  if ('Fn::Join' in json) {
    const [separator, parts] = json['Fn::Join'] as readonly [string, readonly Json[]];
    return parts.map((part) => flatten(part) as string).join(separator);
  }
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, flatten(value)]));
};

/** A synthesized template, with references flattened. */
export class Template {
  readonly resources: readonly Resource[];
  readonly outputs: Readonly<Record<string, { readonly Value: Json }>>;

  constructor(template: unknown) {
    const { Resources, Outputs } = flatten(template as Json) as unknown as {
      Resources: Readonly<Record<string, Omit<Resource, 'id'>>>;
      Outputs: Readonly<Record<string, { readonly Value: Json }>>;
    };
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
      (Properties['FunctionName'] as string).endsWith(`-${name}`),
    );
    if (!found) throw new Error(`There is no function ${name}`);
    return found.Properties;
  }
}

export interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Principal?: Json;
  readonly Condition?: Json;
}

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
      .filter(({ Properties }) => (Properties['Roles'] as readonly string[]).includes(`<${roleId}>`))
      .flatMap(({ Properties }) => (Properties['PolicyDocument'] as unknown as { Statement: Statement[] }).Statement),
  );

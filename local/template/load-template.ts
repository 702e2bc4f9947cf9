import { createHash } from 'node:crypto';
import type { LoadTemplate, Resource, TemplateOptions } from './index.ts';
import { noValue, resolve } from './intrinsics.ts';
import type { Sources } from './intrinsics.ts';
import { isKnownType, nameProperty, resourceValues } from './resource-values.ts';
import type { ResourceValues } from './resource-values.ts';
import { readRoles } from './roles.ts';
import { TemplateError } from './template-error.ts';

type Members = Readonly<Record<string, unknown>>;

interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Members;
  readonly Condition?: string;
}

interface Template {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown; readonly Condition?: string }>>;
  readonly Parameters?: Readonly<Record<string, { readonly Default?: unknown }>>;
  readonly Conditions?: Members;
}

const pseudoParameters = ({ accountId, region, stackName }: TemplateOptions): Readonly<Record<string, unknown>> => ({
  'AWS::AccountId': accountId,
  'AWS::NoValue': noValue,
  'AWS::Partition': 'aws',
  'AWS::Region': region,
  'AWS::StackId': `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/local`,
  'AWS::StackName': stackName,
  'AWS::URLSuffix': 'amazonaws.com',
});

/** As CloudFormation names what the template does not: the stack, the logical id, and something of its own. */
const generatedName = (stackName: string, logicalId: string): string =>
  `${stackName.slice(0, 20)}-${logicalId.slice(0, 30)}-${createHash('sha256').update(`${stackName}/${logicalId}`).digest('hex').slice(0, 12)}`;

/** One template being resolved; what a resource gives is worked out when it is first named. */
class Resolution {
  readonly #template: Template;
  readonly #options: TemplateOptions;
  readonly #pseudo: Readonly<Record<string, unknown>>;
  readonly #values = new Map<string, ResourceValues>();

  constructor(template: Template, options: TemplateOptions) {
    this.#template = template;
    this.#options = options;
    this.#pseudo = pseudoParameters(options);
  }

  value(value: unknown, where: string): unknown {
    return resolve(value, this.#sources(where));
  }

  condition(name: string, where: string): boolean {
    const definition = this.#template.Conditions?.[name];
    if (definition === undefined) throw new TemplateError(where, `there is no condition ${name}`);
    return this.value(definition, `the condition ${name}`) === true;
  }

  resource(logicalId: string, resource: TemplateResource): Resource {
    const properties = this.value(resource.Properties ?? {}, logicalId) as Members;
    return { logicalId, type: resource.Type, properties, ...this.#valuesOf(logicalId, logicalId) };
  }

  #sources(where: string): Sources {
    return {
      where,
      ref: (name) => this.#ref(name, where),
      attribute: (logicalId, name) => this.#attribute(logicalId, name, where),
      condition: (name) => this.condition(name, where),
    };
  }

  #ref(name: string, where: string): unknown {
    if (name in this.#pseudo) return this.#pseudo[name];
    const parameter = this.#template.Parameters?.[name];
    return parameter ? parameter.Default : this.#valuesOf(name, where).ref;
  }

  #attribute(logicalId: string, name: string, where: string): string {
    const value = this.#valuesOf(logicalId, where).attributes[name];
    if (value === undefined) throw new TemplateError(where, `the attribute ${name} of ${logicalId} is not supported`);
    return value;
  }

  #valuesOf(logicalId: string, where: string): ResourceValues {
    const known = this.#values.get(logicalId);
    if (known) return known;
    const resource = this.#template.Resources[logicalId];
    if (!resource) throw new TemplateError(where, `there is no resource ${logicalId}`);
    if (!isKnownType(resource.Type))
      throw new TemplateError(logicalId, `resources of type ${resource.Type} are not supported`);
    const property = nameProperty(resource.Type);
    const given = property === undefined ? undefined : this.value(resource.Properties?.[property], logicalId);
    const name = typeof given === 'string' ? given : generatedName(this.#options.stackName, logicalId);
    const values = resourceValues(resource.Type, { ...this.#options, logicalId, name });
    this.#values.set(logicalId, values);
    return values;
  }
}

export const loadTemplate: LoadTemplate = (document, options) => {
  const template = document as Template;
  const resolution = new Resolution(template, options);
  const isWanted = (where: string, condition: string | undefined) =>
    condition === undefined || resolution.condition(condition, where);
  const list = Object.entries(template.Resources)
    .filter(([logicalId, { Condition }]) => isWanted(logicalId, Condition))
    .map(([logicalId, resource]) => resolution.resource(logicalId, resource));
  const outputs = Object.entries(template.Outputs ?? {})
    .filter(([name, { Condition }]) => isWanted(name, Condition))
    .map(([name, { Value }]) => [name, String(resolution.value(Value, `the output ${name}`))]);
  return {
    resources: new Map(list.map((resource) => [resource.logicalId, resource])),
    outputs: Object.fromEntries(outputs) as Readonly<Record<string, string>>,
    roles: readRoles(list),
    ofType: (type) => list.filter((resource) => resource.type === type),
  };
};

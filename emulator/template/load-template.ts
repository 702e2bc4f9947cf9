import type { JsonObject } from '../values.ts';
import type { LoadTemplate, Resource, TemplateOptions } from './index.ts';
import { resolveReferences, secretValue } from './dynamic-references.ts';
import type { Names } from './intrinsics.ts';
import { noValue, resolve } from './intrinsics.ts';
import { physicalOf } from './physical-ids.ts';
import { rolesOf } from './roles.ts';
import { objectAt, optionalObjectAt, TemplateError, textAt } from './template-error.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html */
const sections = new Set([
  ...['AWSTemplateFormatVersion', 'Conditions', 'Description', 'Mappings', 'Metadata', 'Outputs', 'Parameters'],
  ...['Resources', 'Rules'],
]);

/** Calls `make` once for each name. @throws TemplateError when a name needs itself */
const once = <T>(make: (name: string) => T): ((name: string) => T) => {
  const made = new Map<string, T>();
  const underWay = new Set<string>();
  return (name) => {
    const known = made.get(name);
    if (known !== undefined) return known;
    if (underWay.has(name)) throw new TemplateError(`${name} refers to itself`);
    underWay.add(name);
    const value = make(name);
    underWay.delete(name);
    made.set(name, value);
    return value;
  };
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html */
const pseudoParameters = ({ accountId, region, stackName }: TemplateOptions): ReadonlyMap<string, unknown> =>
  new Map<string, unknown>([
    ['AWS::AccountId', accountId],
    ['AWS::NoValue', noValue],
    ['AWS::Partition', 'aws'],
    ['AWS::Region', region],
    ['AWS::StackId', `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/local`],
    ['AWS::StackName', stackName],
    ['AWS::URLSuffix', 'amazonaws.com'],
  ]);

const parameterValues = (template: JsonObject, given: Readonly<Record<string, string>> = {}) =>
  new Map<string, unknown>(
    Object.entries(optionalObjectAt(template['Parameters'], 'Parameters')).map(([name, parameter]) => [
      name,
      given[name] ?? objectAt(parameter, name)['Default'],
    ]),
  );

const mappingValue = (template: JsonObject, path: readonly string[], location: string): unknown => {
  let value: unknown = optionalObjectAt(template['Mappings'], 'Mappings');
  for (const name of path) value = objectAt(value, location)[name];
  if (value === undefined) throw new TemplateError(`${location}: there is no ${path.join('.')} in Mappings`);
  return value;
};

/** Everything the template names, resolved when asked for. */
const createNames = (template: JsonObject, options: TemplateOptions) => {
  const resources = objectAt(template['Resources'], 'Resources');
  const conditions = optionalObjectAt(template['Conditions'], 'Conditions');
  const values = new Map([...parameterValues(template, options.parameters), ...pseudoParameters(options)]);

  const condition = once((name) => {
    if (!(name in conditions)) throw new TemplateError(`There is no condition ${name}`);
    return resolve(conditions[name], names, `Conditions.${name}`) === true;
  });

  const secret = once((arn) => {
    const found = Object.keys(resources)
      .filter((logicalId) => objectAt(resources[logicalId], logicalId)['Type'] === 'AWS::SecretsManager::Secret')
      .find((logicalId) => known(logicalId, arn).ref === arn);
    if (found === undefined) throw new TemplateError(`There is no secret ${arn}`);
    return secretValue(known(found, arn).properties, options.stackName, found);
  });

  const resource = once((logicalId): Resource => {
    const { Type, Properties, Metadata } = objectAt(resources[logicalId], logicalId);
    const type = textAt(Type, `${logicalId}.Type`);
    const resolved = resolve(Properties ?? {}, names, logicalId);
    const properties = objectAt(resolveReferences(resolved, secret, logicalId), logicalId);
    const metadata = optionalObjectAt(Metadata, `${logicalId}.Metadata`);
    return { logicalId, type, properties, metadata, ...physicalOf(type, { ...options, logicalId, properties }) };
  });

  const exists = (definition: unknown, location: string): boolean => {
    const name = objectAt(definition, location)['Condition'];
    return name === undefined || condition(textAt(name, location));
  };

  const known = (logicalId: string, location: string): Resource => {
    if (Object.hasOwn(resources, logicalId) && exists(resources[logicalId], logicalId)) return resource(logicalId);
    throw new TemplateError(`${location}: there is no ${logicalId}`);
  };

  const names: Names = {
    ref: (name, location) => {
      if (!values.has(name)) return known(name, location).ref;
      const value = values.get(name);
      if (value === undefined) throw new TemplateError(`${location}: the parameter ${name} has no value`);
      return value;
    },
    attribute: (logicalId, name, location) => {
      const { attributes, type } = known(logicalId, location);
      const value = attributes[name];
      if (value === undefined)
        throw new TemplateError(`${location}: the attribute ${name} of ${type} is not supported`);
      return value;
    },
    condition,
    mapping: (path, location) => mappingValue(template, path, location),
  };
  const logicalIds = Object.keys(resources).filter((logicalId) => exists(resources[logicalId], logicalId));
  return { names, exists, resources: logicalIds.map(resource) };
};

/** Resolves a synthesized template. @throws TemplateError naming the resource and what is not supported in it. */
export const loadTemplate: LoadTemplate = (source, options) => {
  const template = objectAt(source, 'The template');
  const unknown = Object.keys(template).find((section) => !sections.has(section));
  if (unknown !== undefined) throw new TemplateError(`The template's section ${unknown} is not supported`);
  const { names, exists, resources } = createNames(template, options);
  const outputs = Object.entries(optionalObjectAt(template['Outputs'], 'Outputs'))
    .filter(([name, output]) => exists(output, `Outputs.${name}`))
    .map(([name, output]) => {
      const location = `Outputs.${name}`;
      return [name, textAt(resolve(objectAt(output, location)['Value'], names, location), location)] as const;
    });
  return {
    resources: new Map(resources.map((resource) => [resource.logicalId, resource])),
    outputs: Object.fromEntries(outputs),
    roles: rolesOf(resources),
    ofType: (type) => resources.filter((resource) => resource.type === type),
  };
};

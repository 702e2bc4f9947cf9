import { join } from 'node:path';
import type { LoadedTemplate, Resource } from '../template/index.ts';

/** A Lambda function as the template has it. */
export interface FunctionDefinition {
  /** What the project calls it: `ResizeImage` for the function `<stack>-resize-image`; else its logical id. */
  readonly construct: string;
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  /** The folder the code lies in. */
  readonly codeFolder: string;
  /** `index.handler`: the module without its ending, and its export. */
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
}

interface FunctionProperties {
  readonly Role: string;
  readonly Handler: string;
  readonly Code?: { readonly S3Key?: string };
  readonly Timeout?: number | string;
  readonly MemorySize?: number | string;
  readonly Environment?: { readonly Variables?: Readonly<Record<string, unknown>> };
}

/** CDK stages the asset `<hash>.zip` as the folder `asset.<hash>` beside the template. */
const codeFolder = (resource: Resource, key: string | undefined, assetFolder: string): string => {
  const hash = /^([\w-]+)\.zip$/.exec(key ?? '')?.[1];
  if (hash === undefined) throw new Error(`${resource.logicalId}: only code from a CDK asset is supported`);
  return join(assetFolder, `asset.${hash}`);
};

const pascalCase = (name: string): string =>
  name.replace(/(?:^|-)(\w)/g, (_match, letter: string) => letter.toUpperCase());

const constructOf = ({ ref, logicalId }: Resource, stackName: string): string =>
  ref.startsWith(`${stackName}-`) ? pascalCase(ref.slice(stackName.length + 1)) : logicalId;

/** Where the template comes from. */
export interface TemplateOrigin {
  readonly stackName: string;
  /** The folder the template was synthesized into. */
  readonly assetFolder: string;
}

const readFunction = (resource: Resource, { stackName, assetFolder }: TemplateOrigin): FunctionDefinition => {
  const properties = resource.properties as unknown as FunctionProperties;
  const variables = Object.entries(properties.Environment?.Variables ?? {});
  return {
    construct: constructOf(resource, stackName),
    name: resource.ref,
    arn: resource.attributes['Arn'] ?? '',
    roleArn: properties.Role,
    codeFolder: codeFolder(resource, properties.Code?.S3Key, assetFolder),
    handler: properties.Handler,
    environment: Object.fromEntries(variables.map(([name, value]) => [name, String(value)])),
    timeoutSeconds: Number(properties.Timeout ?? 3),
    memoryMegabytes: Number(properties.MemorySize ?? 128),
  };
};

/** The template's functions; Lambda's own defaults are 3 seconds and 128 MB. */
export const readFunctions = (template: LoadedTemplate, origin: TemplateOrigin): readonly FunctionDefinition[] =>
  template
    .ofType('AWS::Lambda::Function')
    .filter(({ properties }) => String(properties['Runtime']).startsWith('nodejs'))
    .map((resource) => readFunction(resource, origin));

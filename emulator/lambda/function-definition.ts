import { join } from 'node:path';
import * as z from 'zod/mini';
import type { LoadedTemplate, Resource } from '../template/index.ts';
import { readProperties } from '../template/read-properties.ts';

/** A Lambda function as the template has it. */
export interface FunctionDefinition {
  /** Its short name: `ResizeImage` for the function `<stack>-resize-image`, as the CDK's construct is usually called; else its logical id. */
  readonly construct: string;
  readonly name: string;
  readonly arn: string;
  readonly roleArn: string;
  /** The folder of its code. */
  readonly codeFolder: string;
  /** `index.handler`: the module without its ending, and its export. */
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
}

/** Lambda's own defaults. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-lambda-function.html */
const functionProperties = z.object({
  Role: z.string(),
  Handler: z.string(),
  Code: z.optional(z.object({ S3Key: z.optional(z.string()) })),
  Timeout: z._default(z.coerce.number(), 3),
  MemorySize: z._default(z.coerce.number(), 128),
  Environment: z.optional(z.object({ Variables: z.optional(z.record(z.string(), z.unknown())) })),
});

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
  const properties = readProperties(resource, functionProperties);
  const variables = Object.entries(properties.Environment?.Variables ?? {});
  return {
    construct: constructOf(resource, stackName),
    name: resource.ref,
    arn: resource.attributes['Arn'] ?? '',
    roleArn: properties.Role,
    codeFolder: codeFolder(resource, properties.Code?.S3Key, assetFolder),
    handler: properties.Handler,
    environment: Object.fromEntries(variables.map(([name, value]) => [name, String(value)])),
    timeoutSeconds: properties.Timeout,
    memoryMegabytes: properties.MemorySize,
  };
};

/** The template's functions. @throws TemplateError naming the function and what is wrong in it */
export const readFunctions = (template: LoadedTemplate, origin: TemplateOrigin): readonly FunctionDefinition[] =>
  template
    .ofType('AWS::Lambda::Function')
    .filter(({ properties }) => String(properties['Runtime']).startsWith('nodejs'))
    .map((resource) => readFunction(resource, origin));

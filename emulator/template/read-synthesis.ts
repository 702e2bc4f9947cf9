import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { TemplateError } from './template-error.ts';

/** A CloudFormation template as an object. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html */
export interface TemplateObject {
  readonly Resources: Readonly<Record<string, object>>;
  readonly [section: string]: unknown;
}

/** A synthesized template and the folder its assets lie in. */
export interface Synthesis {
  readonly template: unknown;
  readonly assetFolder: string;
  readonly stackName: string;
}

export interface SynthesisOptions {
  readonly template: string | TemplateObject;
  readonly assetFolder?: string | undefined;
  readonly stackName?: string | undefined;
}

/**
 * Reads a template and finds its name and assets by its path, `<folder>/<stack>.template.json`; or takes the given one.
 * @throws TemplateError for another name
 */
export const readSynthesis = async ({ template, assetFolder, stackName }: SynthesisOptions): Promise<Synthesis> => {
  if (typeof template !== 'string') {
    return { template, assetFolder: assetFolder ?? '.', stackName: stackName ?? 'stack' };
  }
  const name = stackName ?? /([^/\\]+)\.template\.json$/.exec(template)?.[1];
  if (name === undefined) throw new TemplateError(`${template} is not named <stack>.template.json`);
  const source: unknown = JSON.parse(await readFile(template, 'utf8'));
  return { template: source, assetFolder: assetFolder ?? dirname(template), stackName: name };
};

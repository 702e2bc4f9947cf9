import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { TemplateError } from './template-error.ts';

/** A synthesized template and the folder its assets lie in. */
export interface Synthesis {
  readonly template: unknown;
  readonly assetFolder: string;
  readonly stackName: string;
  /** Where V8 may keep what it made of the functions' bundles, so that their threads start faster. Default nowhere. */
  readonly compileCache?: string;
}

/**
 * Reads a template and finds its name and assets by its path: `<folder>/<stack>.template.json`.
 * @throws TemplateError for another name
 */
export const readSynthesis = async (path: string): Promise<Synthesis> => {
  const stackName = /([^/\\]+)\.template\.json$/.exec(path)?.[1];
  if (stackName === undefined) throw new TemplateError(`${path} is not named <stack>.template.json`);
  return { template: JSON.parse(await readFile(path, 'utf8')) as unknown, assetFolder: dirname(path), stackName };
};

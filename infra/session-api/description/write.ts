/** Writes the API's descriptions, docs/openapi.yaml and docs/api.md: `node infra/session-api/description/write.ts`. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { stringify } from 'yaml';
import { describeInMarkdown } from './markdown.ts';
import { describeApi } from './openapi.ts';

const root = join(import.meta.dirname, '..', '..', '..');

/** The files' paths, from the project's folder, and their texts. */
export const descriptions = async (): Promise<Readonly<Record<string, string>>> => {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { readonly version: string };
  const texts = {
    'docs/openapi.yaml': stringify(describeApi({ version }), { aliasDuplicateObjects: false }),
    'docs/api.md': describeInMarkdown(),
  };
  const formatted = Object.entries(texts).map(async ([path, text]) => {
    const filepath = join(root, path);
    return [path, await format(text, { ...(await resolveConfig(filepath)), filepath })] as const;
  });
  return Object.fromEntries(await Promise.all(formatted));
};

if (import.meta.main) {
  for (const [path, text] of Object.entries(await descriptions())) await writeFile(join(root, path), text);
}

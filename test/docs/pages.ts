/** The pages of the documentation, for tests that hold them to what they say. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..', '..');

/** README and all pages of docs/ but the decisions, by their paths. */
export const pages: ReadonlyMap<string, string> = new Map(
  ['README.md', ...globSync('docs/*.md', { cwd: root }).sort()].map((path) => [
    path,
    readFileSync(join(root, path), 'utf8'),
  ]),
);

export const pageAt = (path: string): string => pages.get(path) ?? '';

/** The code blocks of a language, without the indentation that a list gives them. */
export const blocksOf = (text: string, language: string): readonly string[] =>
  [...text.matchAll(new RegExp(`^( *)\`\`\`${language}\\n([^]*?)^ *\`\`\`$`, 'gm'))].map(([, indent = '', code = '']) =>
    code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  );

/** As GitHub makes them: lower case, no punctuation, hyphens for spaces. */
export const anchorsOf = (text: string): readonly string[] =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

/**
 * Builds the package's entries into dist/client/: `npm run build`. Prints the size of each file, and fails when one is larger than
 * its entry may be.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { emitDeclarations } from './declarations.ts';
import {
  bundleCommonJs,
  bundleModule,
  bundleScript,
  entries,
  entryNames,
  script,
  type Bundle,
  type Entry,
} from './bundle.ts';

const target = join(import.meta.dirname, '..', 'dist', 'client');

/** Writes a bundle with its source map. Returns whether it is small enough. */
const write = async (
  name: string,
  { code, map }: Bundle,
  { maxBytes = Infinity }: Partial<Entry>,
): Promise<boolean> => {
  const bytes = gzipSync(code, { level: 9 }).length;
  console.log(`dist/client/${name}: ${Buffer.byteLength(code)} bytes, ${bytes} gzipped`);
  await writeFile(join(target, name), code);
  await writeFile(join(target, `${name}.map`), map);
  if (bytes > maxBytes) console.error(`dist/client/${name} has more than ${maxBytes} bytes gzipped`);
  return bytes <= maxBytes;
};

await rm(target, { recursive: true, force: true });
await mkdir(target, { recursive: true });
const areSmall = [await write('sqs-browser.min.js', await bundleScript(), script)];
for (const name of entryNames) {
  areSmall.push(await write(`${name}.js`, await bundleModule(name), entries[name]));
  // What CommonJS adds is no part of the client.
  areSmall.push(await write(`${name}.cjs`, await bundleCommonJs(name), {}));
}
const sources = Object.values(entries).map(({ source }) => source);
await emitDeclarations({ root: import.meta.dirname, sources, target });
if (areSmall.includes(false)) process.exitCode = 1;

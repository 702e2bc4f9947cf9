import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/**
 * A module that exports what `loadOnce` loads: see environment.js.
 * @param {string} filename
 * @param {{ readonly supportsStaticESM: boolean }} options
 */
const write = (filename, { supportsStaticESM }) => {
  const loaded = `globalThis.loadOnce(${JSON.stringify(filename)})`;
  if (!supportsStaticESM) return `module.exports = ${loaded};`;
  const names = Object.keys(require(filename));
  return [
    `const loaded = ${loaded};`,
    ...names.map((name, index) => `const export${index} = loaded.${name};`),
    `export { ${names.map((name, index) => `export${index} as ${name}`).join(', ')} };`,
  ].join('\n');
};

/** Transforms the packages that jest.config.js names: Node loads them instead of Jest. */
export default {
  process: (_source, filename, options) => ({ code: write(filename, options) }),
  getCacheKey: (_source, filename, options) => createHash('sha256').update(write(filename, options)).digest('hex'),
};

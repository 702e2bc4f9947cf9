import { join } from 'node:path';
import { build } from 'esbuild';

/**
 * Members that the browser client's modules use among themselves, and that neither the browser, nor SQS, nor the other
 * tabs (which may run another version), nor users know. They are shortened, which saves about 250 bytes.
 */
export const internalMembers = [
  ...['adopt', 'count', 'deliver', 'discard', 'dueIn', 'extend', 'finish', 'giveBack', 'halfTime', 'handle', 'hide'],
  ...['hold', 'isLeading', 'iterate', 'iterator', 'kind', 'leave', 'onEvent', 'load', 'look', 'onHandlers', 'onLead'],
  ...['onLost', 'onMessages', 'onPacket', 'onPage', 'onSession', 'onVerdict', 'pause', 'plan', 'post', 'postpone'],
  ...['receipts', 'receive', 'remove', 'run', 'setState', 'settle', 'sleep', 'sqs', 'takeOver', 'waitAfter', 'wake'],
  ...['work'],
];

const folder = import.meta.dirname;

/** The browser client as one file: a module, or a script that defines the global `sqsBrowser`. */
export const bundleBrowserClient = async (form: 'module' | 'script'): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: [join(folder, 'browser', form === 'module' ? 'connect.ts' : 'script.ts')],
    format: form === 'module' ? 'esm' : 'iife',
    bundle: true,
    minify: true,
    target: 'es2022',
    mangleProps: new RegExp(`^(${internalMembers.join('|')})$`),
    write: false,
  });
  return outputFiles.map(({ text }) => text).join('');
};

/** The backend client as one module for Node; it imports the package's dependencies. */
export const bundleBackendClient = async (): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: [join(folder, 'backend', 'backend.ts')],
    format: 'esm',
    bundle: true,
    platform: 'node',
    target: 'node20',
    packages: 'external',
    write: false,
  });
  return outputFiles.map(({ text }) => text).join('');
};

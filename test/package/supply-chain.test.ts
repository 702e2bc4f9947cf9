import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '..', '..');

/** Reads JSON of the shape that the caller knows. */
const readJson = async <T>(path: string): Promise<T> => JSON.parse(await readFile(join(root, path), 'utf8')) as T;

interface Lock {
  readonly packages: Readonly<Record<string, Locked>>;
}

interface Locked {
  readonly version?: string;
  readonly link?: boolean;
  readonly inBundle?: boolean;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
}

const locks = ['package-lock.json', 'test/conformance/npm/package-lock.json'];

/** What a lock file installs of others. */
const installed = async (lock: string): Promise<readonly (readonly [string, Locked])[]> =>
  Object.entries((await readJson<Lock>(lock)).packages).filter(
    ([path, { link }]) => path.includes('node_modules/') && !link,
  );

test.each(locks)('%s has a hash for everything that is installed', async (lock) => {
  const packages = await installed(lock);
  expect(packages.length).toBeGreaterThan(50);
  // What is in another package comes with its hash.
  expect(packages.filter(([, { integrity, inBundle }]) => !integrity?.startsWith('sha512-') && !inBundle)).toEqual([]);
});

test('no package may run a script while it is installed, and each that has one is named', async () => {
  const packages = await installed('package-lock.json');
  const withScripts = packages.filter(([, { hasInstallScript }]) => hasInstallScript);
  const names = withScripts.map(([path]) => path.split('node_modules/').at(-1) ?? '');
  const { allowScripts } = await readJson<{ readonly allowScripts: object }>('package.json');
  expect(allowScripts).toEqual(Object.fromEntries(names.map((name) => [name, false])));
});

test('the Node that runs everything is in the lock file, for every platform', async () => {
  const { optionalDependencies } = await readJson<{ readonly optionalDependencies: Readonly<Record<string, string>> }>(
    'operations/node/package.json',
  );
  const packages = new Map(await installed('package-lock.json'));
  for (const [name, version] of Object.entries(optionalDependencies)) {
    expect(packages.get(`node_modules/${name}`)).toMatchObject({ version, integrity: expect.any(String) });
  }
  expect(process.version).toMatch(/^v24\./);
  expect(process.execPath).toContain(join(root, 'node_modules'));
});

describe('what CI takes from elsewhere', () => {
  const requirements = ['acceptance/scenarios', 'conformance/ministack', 'conformance/python'];

  test.each(requirements)('of PyPI, in %s, has a version and hashes', async (folder) => {
    const text = await readFile(join(root, 'test', folder, 'requirements.txt'), 'utf8');
    const entries = text.split(/^(?=[a-z])/im).filter((entry) => /^[a-z]/i.test(entry));
    expect(entries.length).toBeGreaterThan(2);
    for (const entry of entries)
      expect(entry).toMatch(/^[\w.[\]-]+==\S+(?: ;[^\\]+)? \\\n +--hash=sha256:[0-9a-f]{64}/i);
  });

  test.each(['1.7', '2.4'])('of Maven, for Velocity %s, has hashes', async (version) => {
    const text = await readFile(join(root, 'test/conformance/velocity', `jars-${version}.sha256`), 'utf8');
    expect(text).toMatch(new RegExp(`^[0-9a-f]{64}  velocity\\S*-${version}\\.jar$`, 'm'));
  });
});

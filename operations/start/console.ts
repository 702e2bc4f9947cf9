import { randomBytes } from 'node:crypto';
import type { Emulator, Site } from 'aws-template-emulator';

type Running = Pick<Emulator, 'url' | 'stackName' | 'clientConfig'>;

const load = async ({ url, stackName, clientConfig }: Running): Promise<Site> => {
  const [{ createConsole }, { readPageFiles }, { openDeployment }] = await Promise.all([
    import('../console/console-site.ts'),
    import('../console/page-files.ts'),
    import('../deployment/deployment.ts'),
  ]);
  const files = readPageFiles();
  return createConsole({
    open: (construct) =>
      openDeployment({ stack: stackName, construct, orFirst: true, region: clientConfig.region, endpoint: url }),
    files: () => files,
    // Every program on this machine may read everything with the keys local / local; pages of other origins may not.
    guard: { token: randomBytes(24).toString('base64url') },
  });
};

/** The console at `/` and what its page needs. Nothing of it is loaded before somebody opens it. */
export const consoleSites = (runtime: () => Running): Readonly<Record<string, Site>> => {
  let loaded: Promise<Site> | undefined;
  const site: Site = async (request) => {
    loaded ??= load(runtime());
    return (await loaded)(request);
  };
  return { '/': site, '/console': site };
};

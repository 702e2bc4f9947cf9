import type { Emulator, Site } from 'aws-template-emulator';
import { localServices } from './local-services.ts';

const load = async ({ url, outputs }: Pick<Emulator, 'url' | 'outputs'>): Promise<Site> => {
  const [{ BackendClient }, { createSite }] = await Promise.all([
    import('sqs-browser/backend'),
    import('../../examples/app/site.ts'),
  ]);
  const [{ apiUrl, streamName }] = localServices({ url, outputs });
  const client = new BackendClient({
    apiUrl,
    ...(streamName !== undefined && { streamName }),
    kinesisUrl: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  return createSite(client);
};

/** The example application, with the stack's first service. Nothing of it is loaded before somebody asks for it, so that starting takes no longer. */
export const lazyExample = (emulator: () => Pick<Emulator, 'url' | 'outputs'>): Site => {
  let loaded: Promise<Site> | undefined;
  return async (request) => {
    loaded ??= load(emulator());
    return (await loaded)(request);
  };
};

import type { Runtime } from './runtime.ts';
import type { Site } from './site.ts';

const load = async ({ url, outputs }: Pick<Runtime, 'url' | 'outputs'>): Promise<Site> => {
  const [{ BackendClient }, { createSite }] = await Promise.all([
    import('sqs-browser/backend'),
    import('../examples/app/site.ts'),
  ]);
  const client = new BackendClient({
    apiUrl: url,
    streamName: outputs['EventStreamName'] ?? '',
    kinesisUrl: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  return createSite(client);
};

/** The example application. Nothing of it is loaded before somebody asks for it, so that starting takes no longer. */
export const lazyExample = (runtime: () => Pick<Runtime, 'url' | 'outputs'>): Site => {
  let loaded: Promise<Site> | undefined;
  return async (request) => {
    loaded ??= load(runtime());
    return (await loaded)(request);
  };
};

import { synthesize, type SynthesizeOptions } from '../../infra/synthesize.ts';

// A process of its own: the CDK takes several times as long to load among Jest's modules.
for (const options of JSON.parse(process.argv[2] ?? '[]') as readonly SynthesizeOptions[]) await synthesize(options);

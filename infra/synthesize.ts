import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { readConfiguration } from './context.ts';
import { folders } from './files.ts';
import { bundleFunctions } from './function-bundles.ts';
import { SqsBrowserStack } from './sqs-browser-stack.ts';

export interface SynthesizeOptions {
  /** Context values; what the CDK's command line tool was given comes on top. */
  readonly context?: Readonly<Record<string, unknown>>;
  /** Where the template and the bundles go. Default what the command line tool asks for, else a temporary folder. */
  readonly outdir?: string;
  /** Where the functions' folders are. Default this project's. */
  readonly functions?: string;
  /** Leaves out cdk-nag's rules, which change nothing in the template: they check what is deployed. Default false. */
  readonly withoutRules?: boolean;
}

/** The project's settings of the CDK itself; here rather than in cdk.json, so that they hold without its command line tool. */
const cdkContext = {
  'aws:cdk:enable-asset-metadata': true,
  'aws:cdk:enable-path-metadata': true,
  '@aws-cdk/aws-iam:minimizePolicies': true,
};

/**
 * Bundles the functions and writes the template.
 * @returns the template's path.
 * @throws ConfigurationError with one sentence when a context value is not right or a handler is missing.
 */
export const synthesize = async (options: SynthesizeOptions = {}): Promise<string> => {
  const app = new App({
    ...(options.outdir !== undefined && { outdir: options.outdir }),
    context: { ...cdkContext, ...options.context },
    analyticsReporting: false,
    stackTraces: false,
    treeMetadata: false,
  });
  const configuration = readConfiguration(app.node.getAllContext() as Readonly<Record<string, unknown>>);
  const functions = join(app.outdir, 'functions');
  await bundleFunctions({ sources: options.functions ?? folders.functions, outdir: functions });
  const stack = new SqsBrowserStack(app, { configuration, functions });
  if (!options.withoutRules) {
    const { AwsSolutionsChecks } = await import('cdk-nag');
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  }
  app.synth();
  return join(app.outdir, stack.templateFile);
};

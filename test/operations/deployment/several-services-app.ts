/** A user's app with two services in a stack: `node several-services-app.ts <outdir> <functions>`. */
import { App, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { SqsBrowser } from '../../../infra/sqs-browser.ts';

const [, , outdir = '', functions = ''] = process.argv;
const app = new App({ outdir, analyticsReporting: false });
const stack = new Stack(app, 'Shop');
new SqsBrowser(stack, 'Push', { functions });
new SqsBrowser(new Construct(stack, 'Backend'), 'Push-2', { functions, streamMode: 'NONE' });
app.synth();

/** A CDK app of a user's: `node construct-app.ts <outdir> <functions>` synthesizes it and prints what wrong props say. */
import { App, Duration, Fn, Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { InterfaceVpcEndpoint } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Stream } from 'aws-cdk-lib/aws-kinesis';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsBrowser, type SqsBrowserAttributes, type SqsBrowserProps } from '../../infra/cdk.ts';

const [outdir = '', functions = ''] = process.argv.slice(2);
const app = new App({ outdir, analyticsReporting: false, stackTraces: false, treeMetadata: false });
const roleIn = (stack: Stack, id: string): Role =>
  new Role(stack, id, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });

const two = new Stack(app, 'Two');
const push = new SqsBrowser(two, 'Push', { functions, keyLifetime: Duration.hours(8) });
const notes = new SqsBrowser(two, 'Notes', {
  functions,
  streamMode: 'NONE',
  hasAlarms: false,
  hasDashboard: false,
  hasOutputs: false,
});
push.grantManageSessions(roleIn(two, 'Backend'));
push.grantNotify(roleIn(two, 'Worker'));
push.grantPublish(roleIn(two, 'Producer'));
notes.grantPublish(roleIn(two, 'QuietProducer'));

const given = new Stack(app, 'Given', { env: { region: 'eu-west-1', account: '111122223333' } });
const key = new Key(given, 'Key');
const stream = new Stream(given, 'Stream', { encryptionKey: key });
new SqsBrowser(given, 'Push', {
  functions,
  eventStream: stream,
  encryptionKey: key,
  alarmTopic: new Topic(given, 'OnCall'),
  identityPoolId: 'eu-west-1:01234567-89ab-cdef-0123-456789abcdef',
  vpcEndpoints: [
    InterfaceVpcEndpoint.fromInterfaceVpcEndpointAttributes(given, 'Endpoint', { vpcEndpointId: 'vpce-1', port: 443 }),
  ],
  removalPolicy: RemovalPolicy.DESTROY,
}).grantPublish(roleIn(given, 'Producer'));

const imported = new Stack(app, 'Imported');
const deployed = SqsBrowser.fromAttributes(imported, 'Push', {
  apiUrl: 'https://abc123.execute-api.eu-west-1.amazonaws.com/prod/',
  eventStreamName: 'events',
  serviceName: 'sqs-browser-prod',
});
deployed.grantManageSessions(roleIn(imported, 'Backend'));
deployed.grantPublish(roleIn(imported, 'Producer'));

/** What somebody may do by a service whose URL is known only at deployment. */
const permissionLater = (): string => {
  const stack = new Stack(new App(), 'Later');
  const later = SqsBrowser.fromAttributes(stack, 'Push', {
    apiUrl: Fn.importValue('PushApiUrl'),
    serviceName: Fn.importValue('PushServiceName'),
  });
  const { principalStatements } = later.grantNotify(roleIn(stack, 'Worker'));
  return JSON.stringify(stack.resolve(principalStatements.map((statement): unknown => statement.toStatementJson())));
};

const refusalOf = (attempt: () => unknown): string => {
  try {
    attempt();
    return 'accepted';
  } catch (error) {
    return String(error);
  }
};

/** What a construct with these props is refused with. */
const refusal = (props: SqsBrowserProps, region?: string): string => {
  const stack = new Stack(new App(), 'Wrong', region === undefined ? {} : { env: { region } });
  return refusalOf(() => new SqsBrowser(stack, 'Push', { functions, ...props }));
};

const inRegion = (region: string) => `https://abc123.execute-api.${region}.amazonaws.com/my-stage/`;

/** What attributes are refused with, in a stack of eu-west-1. A program in JavaScript may give others. */
const importRefusal = (attributes: object): string => {
  const stack = new Stack(new App(), 'Wrong', { env: { region: 'eu-west-1', account: '111122223333' } });
  const complete: SqsBrowserAttributes = { apiUrl: inRegion('eu-west-1'), serviceName: 'prod' };
  return refusalOf(() => SqsBrowser.fromAttributes(stack, 'Push', Object.assign(complete, attributes)));
};

/** Props as a program in JavaScript may give them. */
const untyped = (props: object): string => refusal(Object.assign({}, props));

const wrong: Readonly<Record<string, string>> = {
  importedWithHyphen: importRefusal({}),
  importedLater: permissionLater(),
  importedFromElsewhere: importRefusal({ apiUrl: inRegion('us-east-1') }),
  importedFromDomain: importRefusal({ apiUrl: 'https://push.example.com/' }),
  importedWithoutName: importRefusal({ serviceName: undefined }),
  importedWithOther: importRefusal({ eventStream: 'events' }),
  contextName: untyped({ keyHours: 8 }),
  misspelt: untyped({ keylifetime: Duration.hours(8) }),
  unknownName: untyped({ stage: 'prod' }),
  notDuration: untyped({ messageRetention: 3600 }),
  notTopic: untyped({ alarmTopic: 'arn:aws:sns:eu-west-1:111122223333:on-call' }),
  notStream: untyped({ eventStream: 'events' }),
  notBoolean: untyped({ hasAlarms: 'no' }),
  fifoTopic: refusal({ alarmTopic: new Topic(given, 'Fifo', { fifo: true }) }),
  noEndpoints: refusal({ vpcEndpoints: [] }),
  poolName: refusal({ identityPoolName: 'a/b' }),
  poolSize: refusal({ poolSize: Lazy.number({ produce: () => 5 }) }),
  keyLifetime: refusal({ keyLifetime: Duration.hours(13) }),
  wholeHours: refusal({ keyLifetime: Duration.minutes(90) }),
  allowedOrigins: refusal({ allowedOrigins: ['app.example.com'] }),
  streamMode: refusal({ streamMode: 'NONE', enhancedFanOut: true }),
  eventStream: refusal({ eventStream: stream, shardCount: 2 }),
  name: refusal({ name: 'my_service' }),
  functions: refusal({ functions: '/nowhere' }),
  china: refusal({}, 'cn-northwest-1'),
  isolated: refusal({}, 'us-iso-east-1'),
};

for (const region of ['cn-north-1', 'us-gov-west-1', 'us-gov-east-1']) {
  new SqsBrowser(new Stack(app, region, { env: { region } }), 'Push', { functions });
}

app.synth();
process.stdout.write(JSON.stringify(wrong));

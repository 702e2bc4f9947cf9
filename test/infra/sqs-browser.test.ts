import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import { taskNames } from '../../infra/tasks.ts';
import { temporaryFolder, unchecked } from './synth.ts';
import { permissionsOf, Template } from './template.ts';

const wrongSchema = z.record(z.string(), z.string());

/** A user's app, which runs in a process of its own: the CDK takes several times as long to load among Jest's modules. */
const synthesizeApp = async () => {
  await using folder = await temporaryFolder();
  const [outdir, functions] = [join(folder.path, 'out'), join(folder.path, 'functions')];
  for (const name of taskNames) {
    await mkdir(join(functions, name), { recursive: true });
    await writeFile(join(functions, name, 'handler.mjs'), `export const handler = () => '${name}';\n`);
  }
  const script = join(import.meta.dirname, 'construct-app.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [script, outdir, functions], { env: unchecked });
  const templateOf = async (stack: string): Promise<Template> =>
    new Template(JSON.parse(await readFile(join(outdir, `${stack}.template.json`), 'utf8')));
  const stacks = ['Two', 'Given', 'Imported', 'cn-north-1', 'us-gov-west-1', 'us-gov-east-1'];
  const templates = new Map(await Promise.all(stacks.map(async (name) => [name, await templateOf(name)] as const)));
  return { wrong: wrongSchema.parse(JSON.parse(stdout)), templates };
};

const { wrong, templates } = await synthesizeApp();

const stack = (name: string): Template => {
  const template = templates.get(name);
  if (!template) throw new Error(`There is no stack ${name}`);
  return template;
};

/** The properties that are physical names. */
const nameProperties = [
  ...['FunctionName', 'StateMachineName', 'TableName', 'QueueName', 'BucketName', 'RoleName', 'PolicyName'],
  ...['DashboardName', 'AlarmName', 'IdentityPoolName'],
];

describe('two services in a stack', () => {
  const two = stack('Two');

  test('are apart from each other', () => {
    expect(two.ofType('AWS::ApiGateway::RestApi')).toHaveLength(2);
    expect(two.ofType('AWS::Kinesis::Stream')).toHaveLength(1);
    const services = two
      .ofType('AWS::Lambda::Function')
      .map(({ Properties }) => JSON.stringify(Properties['Environment']))
      .map((text) => /"POWERTOOLS_SERVICE_NAME":"([^"]+)"/.exec(text)?.[1]);
    expect([...new Set(services)]).toEqual([
      expect.stringMatching(/^Two-Push-\w{8}$/),
      expect.stringMatching(/^Two-Notes-\w{8}$/),
    ]);
  });

  test('have no physical names but those of vended logs, which need them', () => {
    const isRouter = (type: string): boolean =>
      type === 'AWS::Lambda::EventSourceMapping' || type === 'AWS::IAM::Policy';
    for (const { Type, Properties } of two.resources.filter((one) => !isRouter(one.Type))) {
      for (const name of nameProperties) expect([Type, Properties[name]]).toEqual([Type, undefined]);
    }
    const groups = two.ofType('AWS::Logs::LogGroup').flatMap(({ Properties }) => Properties['LogGroupName'] ?? []);
    for (const group of groups) expect(group).toMatch(/^\/aws\/vendedlogs\/states\/Two-(Push|Notes)-\w{8}-[\w-]+$/);
    expect(groups).toHaveLength(14);
  });

  test('have about as many resources each as docs/cdk.md says', async () => {
    const page = await readFile(join(import.meta.dirname, '..', '..', 'docs', 'cdk.md'), 'utf8');
    const said = Number(/A service has about (\d+) resources/.exec(page)?.[1]);
    const count = two.resources.filter(({ id }) => id.startsWith('Push')).length;
    expect(Math.abs(said - count)).toBeLessThan(15);
  });

  test('have alarms, a dashboard and outputs as asked', () => {
    expect(two.ofType('AWS::CloudWatch::Alarm')).toHaveLength(11);
    expect(two.ofType('AWS::CloudWatch::Dashboard')).toHaveLength(1);
    expect(Object.keys(two.outputs)).toEqual(expect.arrayContaining(['PushApiUrl', 'PushEventStreamName']));
    expect(Object.keys(two.outputs).filter((name) => !name.startsWith('Push'))).toEqual([]);
  });

  test('take props with the units of the CDK', () => {
    expect(two.get('PushIdentityBrowserRole').Properties['MaxSessionDuration']).toBe(8 * 3600);
  });
});

describe('a grant', () => {
  const api = 'arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<PushSessionApi>';
  const invoke = (path: string): string =>
    `Allow execute-api:Invoke on ${api}/<PushSessionApiDeploymentStageprod>/*${path}`;

  test('to manage sessions gives their routes and neither messages nor the cleanup', () => {
    expect(permissionsOf(stack('Two'), 'Backend')).toEqual(
      ['/create/*', '/renew/*', '/status', '/status/*', '/destroy/*'].map(invoke).toSorted(),
    );
  });

  test('to notify gives its routes', () => {
    expect(permissionsOf(stack('Two'), 'Worker')).toEqual([invoke('/notify/*')]);
  });

  test('to publish gives the route and the stream', () => {
    expect(permissionsOf(stack('Two'), 'Producer')).toEqual([
      invoke('/publish'),
      'Allow kinesis:PutRecord on <PushEventsStream.Arn>',
      'Allow kinesis:PutRecords on <PushEventsStream.Arn>',
    ]);
  });

  test('to publish gives the route alone where there is no stream', () => {
    expect(permissionsOf(stack('Two'), 'QuietProducer')).toEqual([invoke('/publish').replaceAll('<Push', '<Notes')]);
  });

  test('to publish on a stream with a key gives the key', () => {
    expect(permissionsOf(stack('Given'), 'Producer')).toEqual(
      expect.arrayContaining([expect.stringMatching(/^Allow kms:GenerateDataKey\* on <Key.Arn>$/)]),
    );
  });

  test('works for a deployed service', () => {
    const imported = stack('Imported');
    const at = 'arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:abc123/prod/*';
    expect(permissionsOf(imported, 'Backend')).toContain(`Allow execute-api:Invoke on ${at}/create/*`);
    expect(permissionsOf(imported, 'Producer')).toContain(
      'Allow kinesis:PutRecord on arn:<AWS::Partition>:kinesis:<AWS::Region>:<AWS::AccountId>:stream/events',
    );
  });
});

describe('what a user has already', () => {
  const given = stack('Given');

  test('is used: the stream, the pool, the key and the topic', () => {
    expect(given.ofType('AWS::Kinesis::Stream').map(({ id }) => id)).toEqual(['Stream']);
    expect(given.ofType('AWS::Cognito::IdentityPool')).toEqual([]);
    expect(given.only('AWS::Lambda::EventSourceMapping').Properties['EventSourceArn']).toBe('<Stream.Arn>');
    for (const { Properties } of given.ofType('AWS::DynamoDB::Table')) {
      expect(Properties['SSESpecification']).toMatchObject({ SSEEnabled: true, KMSMasterKeyId: '<Key.Arn>' });
    }
    for (const { Properties } of given.ofType('AWS::CloudWatch::Alarm')) {
      expect(Properties).toMatchObject({ AlarmActions: ['<OnCall>'], OKActions: ['<OnCall>'] });
    }
  });

  test('is notified without data by the alarm on cleanups alone, whose data end when no cleanup succeeds', () => {
    const told = given
      .ofType('AWS::CloudWatch::Alarm')
      .filter(({ Properties }) => 'InsufficientDataActions' in Properties);
    expect(told.map(({ id, Properties }) => [id, Properties['InsufficientDataActions']])).toEqual([
      [expect.stringMatching(/CleanupFails/), ['<OnCall>']],
    ]);
  });

  test('lets functions use the key', () => {
    expect(permissionsOf(given, 'PushSessionWorkflowsFindSessionRole')).toEqual(
      expect.arrayContaining([expect.stringMatching(/^Allow kms:Decrypt on <Key.Arn>$/)]),
    );
    expect(permissionsOf(given, 'PushDispatchWorkflowRouterRole')).toContain('Allow kms:Decrypt on <Key.Arn>');
  });

  test('of VPC endpoints makes the API private to them', () => {
    expect(given.only('AWS::ApiGateway::RestApi').Properties).toMatchObject({
      EndpointConfiguration: { Types: ['PRIVATE'], VpcEndpointIds: ['vpce-1'] },
      Policy: {
        Statement: [{ Effect: 'Deny', Condition: { StringNotEquals: { 'aws:SourceVpce': ['vpce-1'] } } }],
      },
    });
  });

  test('goes with the stack when that is asked for', () => {
    const ours = given.resources.filter(({ id }) => id.startsWith('Push'));
    expect(ours.filter(({ DeletionPolicy }) => DeletionPolicy === 'Retain')).toEqual([]);
  });
});

describe('a wrong prop', () => {
  test.each([
    [
      'keyLifetime',
      'The prop keyLifetime of Wrong/Push is 13 hours, but must be a whole number of hours from 1 to 12.',
    ],
    ['wholeHours', 'The prop keyLifetime of Wrong/Push is 1 hour 30 minutes, but must be a whole number of hours'],
    [
      'allowedOrigins',
      'The prop allowedOrigins of Wrong/Push is ["app.example.com"], but must be a list, each of it the origin of a page',
    ],
    ['streamMode', 'The props of Wrong/Push do not go together: enhancedFanOut needs a stream'],
    [
      'eventStream',
      'The props of Wrong/Push do not go together: eventStream does not go with streamMode or shardCount',
    ],
    ['name', 'The prop name of Wrong/Push is "my_service", but must be 1 to 40 letters'],
    ['functions', 'The prop functions of Wrong/Push is "/nowhere", but must be a folder with the bundles'],
    ['contextName', 'There is no prop keyHours of Wrong/Push: did you mean keyLifetime?'],
    ['misspelt', 'There is no prop keylifetime of Wrong/Push: did you mean keyLifetime?'],
    ['unknownName', 'There is no prop stage of Wrong/Push: the props are queuePrefix, '],
    [
      'notDuration',
      'The prop messageRetention of Wrong/Push is 3600, but must be a Duration, a whole number of seconds',
    ],
    [
      'notTopic',
      'The prop alarmTopic of Wrong/Push is "arn:aws:sns:eu-west-1:111122223333:on-call", but must be a standard topic',
    ],
    ['notStream', 'The prop eventStream of Wrong/Push is "events", but must be an IStream'],
    ['notBoolean', 'The prop hasAlarms of Wrong/Push is "no", but must be true or false.'],
    ['fifoTopic', 'The prop alarmTopic of Wrong/Push is Given/Fifo, but must be a standard topic'],
    ['noEndpoints', 'The prop vpcEndpoints of Wrong/Push is [], but must be a list of at least one IVpcEndpoint'],
    ['poolName', 'The prop identityPoolName of Wrong/Push is "a/b", but must be 1 to 128 letters'],
    ['poolSize', 'The prop poolSize of Wrong/Push is '],
  ])('is an error at synthesis that names it: %s', (name, message) => {
    expect(wrong[name]?.slice(0, message.length + 20)).toContain(`ConfigurationError: ${message}`);
  });
});

describe('attributes of a deployed service', () => {
  test.each([
    [
      'importedFromElsewhere',
      "The attribute apiUrl of Wrong/Push is of us-east-1, but must be of the stack's Region, eu-west-1",
    ],
    [
      'importedFromDomain',
      'The attribute apiUrl of Wrong/Push is "https://push.example.com/", but must be https://<api>',
    ],
    [
      'importedWithoutName',
      "The attribute serviceName of Wrong/Push is missing: it is the service's output ServiceName.",
    ],
    ['importedWithOther', 'There is no attribute eventStream of Wrong/Push: the attributes are apiUrl, '],
  ])('are refused with what is right: %s', (name, message) => {
    expect(wrong[name]).toContain(`ConfigurationError: ${message}`);
  });

  test('may have a stage with a hyphen', () => {
    expect(wrong['importedWithHyphen']).toBe('accepted');
  });

  test('that are known only at deployment give permission for one API', () => {
    const stage = '{"Fn::Select":[3,{"Fn::Split":["/",{"Fn::ImportValue":"PushApiUrl"}]}]}';
    expect(wrong['importedLater']).toContain(`${stage},"/*/notify/*"`);
    expect(wrong['importedLater']).not.toContain(':*/');
  });
});

describe('a Region', () => {
  test.each([
    ['cn-north-1', 'cognito-identity.cn-north-1.amazonaws.com.cn'],
    ['us-gov-west-1', 'cognito-identity-us-gov.amazonaws.com'],
    ['us-gov-east-1', 'cognito-identity.us-gov-east-1.amazonaws.com'],
  ])('%s has its own issuer of tokens in the trust policy and in the queues', (region, issuer) => {
    const template = stack(region);
    expect(template.get('PushIdentityBrowserRole').Properties['AssumeRolePolicyDocument']).toMatchObject({
      Statement: [
        {
          Principal: { Federated: issuer },
          Condition: { StringEquals: { [`${issuer}:aud`]: '<PushIdentityPool>' } },
        },
      ],
    });
    expect(JSON.stringify(template.resources)).toContain(`"SUBJECT_KEY":"${issuer}:sub"`);
    expect(JSON.stringify(template.resources)).not.toMatch(/"cognito-identity\.amazonaws\.com|arn:aws:/);
  });

  test.each([
    ['china', 'cn-northwest-1 (partition aws-cn)'],
    ['isolated', 'us-iso-east-1 (partition aws-iso)'],
  ])('without identity pools is refused with its reason: %s', (name, region) => {
    expect(wrong[name]).toMatch(/it needs Cognito identity pools, and .+/);
    expect(wrong[name]).toContain(region);
  });
});

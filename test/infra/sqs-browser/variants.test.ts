import { describe, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import { routes } from '../../../infra/session-api/routes.ts';
import { everyOtherValue, identityPoolId, someValues } from '../contexts.ts';
import { synthAll } from '../synth.ts';
import { objectOf, textOf, type JsonObject, type Template } from '../template.ts';

const [plain, other, some] = await synthAll({}, everyOtherValue, someValues);
const both = { plain: plain.template, other: other.template };

const formatSchema = z.record(z.string(), z.string());

const variable = (template: Template, name: string, key: string): unknown =>
  objectOf(objectOf(template.function(name)['Environment'])['Variables'])[key];

test('every other value passes cdk-nag too', () => {
  expect(other.findings).toMatchObject({ conclusion: 'success', violations: [] });
});

describe('a stage', () => {
  test('is in every name that an account can have only once', () => {
    const named = other.template.resources.filter(({ Type }) => Type !== 'AWS::Lambda::EventSourceMapping');
    const names = named.flatMap(({ Properties }) =>
      ['FunctionName', 'StateMachineName', 'LogGroupName', 'DashboardName', 'StageName', 'Name'].flatMap((property) =>
        Properties[property] === undefined ? [] : textOf(Properties[property]),
      ),
    );
    expect(names.length).toBeGreaterThan(50);
    for (const name of names) expect(name).toContain('prod');
  });
});

describe('the stream', () => {
  const mapping = (template: Template) => template.ofType('AWS::Lambda::EventSourceMapping')[0]?.Properties ?? {};

  test('is polled by default, one batch of a shard at a time', () => {
    expect(mapping(plain.template)).toMatchObject({ EventSourceArn: '<EventsStream.Arn>', ParallelizationFactor: 1 });
    expect(plain.template.ofType('AWS::Kinesis::StreamConsumer')).toEqual([]);
  });

  test('is read by a consumer with enhanced fan-out when that is asked for, and several batches at once', () => {
    const [consumer] = other.template.ofType('AWS::Kinesis::StreamConsumer');
    expect(consumer?.Properties).toMatchObject({ StreamARN: '<EventsStream.Arn>' });
    expect(mapping(other.template)).toMatchObject({
      EventSourceArn: `<${consumer?.id ?? ''}.ConsumerARN>`,
      ParallelizationFactor: 4,
    });
    const policies = JSON.stringify(other.template.ofType('AWS::IAM::Policy'));
    expect(policies).toContain('kinesis:SubscribeToShard');
  });
});

describe('sessionConcurrency', () => {
  const reserved = (template: Template): (string | undefined)[] =>
    template
      .ofType('AWS::Lambda::Function')
      .filter(({ Properties }) => Properties['ReservedConcurrentExecutions'] === 20)
      .map(({ Properties }) => textOf(Properties['FunctionName']).replace('sqs-browser-prod-', ''));

  test('is reserved for sessions and dead letters, so that no broadcast takes it', () => {
    const names = reserved(other.template);
    expect(names).toEqual(expect.arrayContaining(['find-session', 'issue-keys', 'send-dead-letters']));
    expect(names).not.toEqual(expect.arrayContaining(['deliver-batch']));
    expect(names).not.toContain('router');
  });

  test('is not reserved by default, which small accounts refuse', () => {
    for (const { Properties } of plain.template.ofType('AWS::Lambda::Function')) {
      expect(Properties).not.toHaveProperty('ReservedConcurrentExecutions');
    }
  });
});

describe('queuePrefix', () => {
  test('begins the queues a function may touch', () => {
    const policies = JSON.stringify(other.template.ofType('AWS::IAM::Policy'));
    expect(policies).toContain(`:events-${'?'.repeat(32)}"`);
    expect(policies).not.toContain('brws-');
    expect(variable(other.template, 'make-queue', 'QUEUE_PREFIX')).toBe('events');
  });
});

describe('times', () => {
  test('arrive where they are needed', () => {
    expect(other.template.get('IdentityBrowserRole').Properties['MaxSessionDuration']).toBe(43_200);
    expect(variable(other.template, 'issue-keys', 'KEY_HOURS')).toBe('12');
    expect(variable(other.template, 'make-queue', 'MESSAGE_RETENTION')).toBe('120');
    expect(variable(other.template, 'sweep-shard', 'GRACE_PERIOD')).toBe('600');
    expect(variable(other.template, 'sweep-identities', 'GRACE_PERIOD')).toBe('600');
    expect(other.template.only('AWS::Scheduler::Schedule').Properties['ScheduleExpression']).toBe('rate(1 hour)');
  });
});

describe('streamMode PROVISIONED', () => {
  test('gives the stream as many shards as asked for', () => {
    expect(other.template.get('EventsStream').Properties).toMatchObject({
      StreamModeDetails: { StreamMode: 'PROVISIONED' },
      ShardCount: 3,
    });
  });
});

describe('alarmTopicArn', () => {
  const actions = ({ template }: typeof plain): unknown[] =>
    template
      .ofType('AWS::CloudWatch::Alarm')
      .map(({ Properties: { AlarmActions, OKActions } }) => [AlarmActions, OKActions]);

  test('is notified of every alarm and of its end', () => {
    const topic = ['arn:aws:sns:eu-west-1:111122223333:on-call'];
    expect(actions(other)).toEqual(Array.from({ length: 11 }, () => [topic, topic]));
  });

  test('not given, leaves the alarms without actions', () => {
    expect(actions(plain)).toEqual(Array.from({ length: 11 }, () => [undefined, undefined]));
  });
});

describe('an existing identity pool', () => {
  test('is used instead of a new one', () => {
    expect(other.template.ofType('AWS::Cognito::IdentityPool')).toEqual([]);
    expect(variable(other.template, 'start-create', 'IDENTITY_POOL_ID')).toBe(identityPoolId);
    expect(other.template.outputs['IdentityPoolId']?.Value).toBe(identityPoolId);
  });

  test('is the one the browser role trusts', () => {
    const { Properties } = other.template.get('IdentityBrowserRole');
    expect(Properties['AssumeRolePolicyDocument']).toMatchObject({
      Statement: [{ Condition: { StringEquals: { 'cognito-identity.amazonaws.com:aud': identityPoolId } } }],
    });
  });

  test('is not swept', () => {
    expect(variable(other.template, 'sweep-identities', 'IDENTITY_POOL_OWNED')).toBe('false');
  });
});

describe('apiAllowedCidrs', () => {
  const api = 'arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:';

  test('refuses calls from elsewhere, and allows what needs an Allow beside a policy', () => {
    expect(other.template.only('AWS::ApiGateway::RestApi').Properties['Policy']).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Deny',
          Principal: { AWS: '*' },
          Action: 'execute-api:Invoke',
          Resource: `${api}*/*`,
          Condition: { NotIpAddress: { 'aws:SourceIp': ['203.0.113.0/24', '2001:db8::/32'] } },
        },
        // Preflights are not signed.
        { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'execute-api:Invoke', Resource: `${api}*/*/OPTIONS/*` },
        {
          Effect: 'Allow',
          Principal: {
            AWS: ['arn:aws:iam::777788889999:role/backend', 'arn:<AWS::Partition>:iam::444455556666:root'],
          },
          Action: 'execute-api:Invoke',
          Resource: `${api}*/*`,
        },
      ],
    });
  });

  test('alone allows nothing, so that a principal of this account needs its own permission', () => {
    expect(some.template.only('AWS::ApiGateway::RestApi').Properties['Policy']).toMatchObject({
      Statement: [{ Effect: 'Deny' }],
    });
  });

  test('leaves the API without a policy by default', () => {
    expect(plain.template.only('AWS::ApiGateway::RestApi').Properties).not.toHaveProperty('Policy');
  });
});

describe('apiLogs', () => {
  const stageOf = (template: Template): JsonObject => template.only('AWS::ApiGateway::Stage').Properties;

  test('logs every access without ids, parameters and keys', () => {
    const { DestinationArn, Format } = objectOf(stageOf(other.template)['AccessLogSetting']);
    expect(DestinationArn).toBe('<SessionApiAccessLog.Arn>');
    expect(Object.values(formatSchema.parse(JSON.parse(textOf(Format)))).sort()).toEqual([
      '$context.error.responseType',
      '$context.httpMethod',
      '$context.identity.sourceIp',
      '$context.identity.userArn',
      '$context.requestId',
      '$context.requestTime',
      '$context.resourcePath',
      '$context.responseLatency',
      '$context.responseLength',
      '$context.status',
    ]);
    expect(other.template.get('SessionApiAccessLog').Properties['RetentionInDays']).toBe(30);
  });

  test('sets the role of the account only when that is asked for', () => {
    expect(stageOf(some.template)).toHaveProperty('AccessLogSetting');
    const roles = [other.template, some.template, plain.template].map(
      (one) => one.ofType('AWS::ApiGateway::Account').length,
    );
    expect(roles).toEqual([1, 0, 0]);
    expect(stageOf(plain.template)).not.toHaveProperty('AccessLogSetting');
  });
});

describe('allowedOrigins', () => {
  const preflights = (template: Template): readonly JsonObject[] =>
    template
      .ofType('AWS::ApiGateway::Method')
      .map(({ Properties }) => Properties)
      .filter(({ HttpMethod }) => HttpMethod === 'OPTIONS');

  test('has every route answer preflights', () => {
    expect(preflights(other.template)).toHaveLength(routes.length);
    for (const { AuthorizationType, Integration } of preflights(other.template)) {
      expect(AuthorizationType).toBe('NONE');
      expect(Integration).toMatchObject({ Type: 'MOCK', PassthroughBehavior: 'NEVER' });
      expect(JSON.stringify(Integration)).toContain(JSON.stringify('$origin == "https://a.example"').slice(1, -1));
    }
  });

  test('has refusals readable for pages', () => {
    for (const { Properties } of other.template.ofType('AWS::ApiGateway::GatewayResponse')) {
      expect(Properties['ResponseParameters']).toMatchObject({
        'gatewayresponse.header.Access-Control-Allow-Origin': "'*'",
      });
    }
  });

  test('leaves the API without CORS by default', () => {
    expect(preflights(plain.template)).toEqual([]);
    expect(JSON.stringify(plain.template.resources)).not.toContain('Access-Control');
  });
});

describe('logDispatchData', () => {
  const logging = (template: Template, id: string): unknown => template.get(id).Properties['LoggingConfiguration'];

  test('has dispatch log every step with its data', () => {
    expect(logging(other.template, 'DispatchWorkflowMachine')).toMatchObject({
      Level: 'ALL',
      IncludeExecutionData: true,
    });
  });

  test('does not have machines that handle keys log data', () => {
    for (const template of Object.values(both)) {
      const machines = template
        .ofType('AWS::StepFunctions::StateMachine')
        .filter(({ id }) => id !== 'DispatchWorkflowMachine');
      expect(machines).toHaveLength(6);
      for (const { id } of machines) expect(logging(template, id)).toMatchObject({ IncludeExecutionData: false });
    }
  });
});

describe('a prefix or a pool of a live stage that was changed', () => {
  test('stays granted, trusted and swept', () => {
    const { template } = some;
    const policies = JSON.stringify(template.ofType('AWS::IAM::Policy'));
    for (const prefix of ['new', 'old']) expect(policies).toContain(`:${prefix}-${'?'.repeat(32)}"`);
    expect(variable(template, 'sweep-shard', 'QUEUE_PREFIXES')).toBe('new,old');
    expect(template.get('IdentityBrowserRole').Properties['AssumeRolePolicyDocument']).toMatchObject({
      Statement: [
        { Condition: { StringEquals: { 'cognito-identity.amazonaws.com:aud': ['<IdentityPool>', identityPoolId] } } },
      ],
    });
  });
});

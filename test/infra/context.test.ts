import { describe, expect, test } from '@jest/globals';
import { Duration } from 'aws-cdk-lib';
import { ConfigurationError } from '../../infra/configuration-error.ts';
import { contextNames, defaultQueuePrefix, poolName, readConfiguration, stackName } from '../../infra/context.ts';

const pool = 'eu-west-1:01234567-89ab-cdef-0123-456789abcdef';

const refusal = (context: Readonly<Record<string, unknown>>): string => {
  try {
    readConfiguration(context);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  return 'accepted';
};

describe('an empty context', () => {
  test('sets nothing but the stage', () => {
    expect(readConfiguration({})).toEqual({ stage: 'dev', alarmTopicArn: undefined, settings: {} });
  });
});

const role = 'arn:aws-us-gov:iam::111122223333:role/path/back.end@x';
const topic = 'arn:aws:sns:eu-west-1:111122223333:on-call';

const good: readonly (readonly [string, unknown, unknown])[] = [
  ['stage', 'a', 'a'],
  ['stage', 'kentest-1', 'kentest-1'],
  ['stage', 'abcdefghijklmnopqrst', 'abcdefghijklmnopqrst'],
  ['queuePrefix', 'Q', 'Q'],
  ['queuePrefix', `a_${'b'.repeat(38)}`, `a_${'b'.repeat(38)}`],
  ['queuePrefix', 'sqs-browser-development', 'sqs-browser-development'],
  ['keyHours', '1', 1],
  ['keyHours', 12, 12],
  ['messageRetention', '60', 60],
  ['messageRetention', 1_209_600, 1_209_600],
  ['cleanupEvery', '60', 60],
  ['cleanupEvery', '86400', 86_400],
  ['gracePeriod', '300', 300],
  ['gracePeriod', '518400', 518_400],
  ['poolSize', '0', 0],
  ['poolSize', '10000', 10_000],
  ['streamMode', 'ON_DEMAND', 'ON_DEMAND'],
  ['streamMode', 'PROVISIONED', 'PROVISIONED'],
  ['streamMode', 'NONE', 'NONE'],
  ['parallelizationFactor', '10', 10],
  ['enhancedFanOut', 'true', true],
  ['sessionConcurrency', '20', 20],
  ['allowedOrigins', 'https://app.example.com', ['https://app.example.com']],
  ['allowedOrigins', 'http://localhost:3000, https://b.example', ['http://localhost:3000', 'https://b.example']],
  ['allowedOrigins', ['https://a.example', 'http://[::1]'], ['https://a.example', 'http://[::1]']],
  ['identityPoolId', pool, pool],
  ['formerIdentityPoolIds', `${pool}, ${pool}`, [pool, pool]],
  ['formerQueuePrefixes', 'old,older', ['old', 'older']],
  ['identities', 'guests', 'guests'],
  ['identities', 'developer', 'developer'],
  ['queuePolicySubject', 'false', false],
  ['apiAllowedCidrs', '203.0.113.0/24', ['203.0.113.0/24']],
  ['apiAllowedCidrs', ['0.0.0.0/0', '2001:db8::/32'], ['0.0.0.0/0', '2001:db8::/32']],
  ['apiAllowedCidrs', '192.0.2.1/32,::1/128', ['192.0.2.1/32', '::1/128']],
  ['apiCallers', '111122223333', ['111122223333']],
  ['apiCallers', `111122223333, ${role}`, ['111122223333', role]],
  ['apiLogs', 'none', 'none'],
  ['apiLogs', 'access-with-role', 'access-with-role'],
  ['alarmTopicArn', topic, topic],
  [
    'alarmTopicArn',
    'arn:aws-us-gov:sns:us-gov-west-1:111122223333:A_1',
    'arn:aws-us-gov:sns:us-gov-west-1:111122223333:A_1',
  ],
  ['logDispatchData', 'true', true],
  ['apiMetrics', 'true', true],
  ['logRuns', 'all', 'all'],
  ['logRuns', 'failures', 'failures'],
  ['traces', 'none', 'none'],
  ['logDispatchData', false, false],
];

const bad: readonly (readonly [string, unknown])[] = [
  ['stage', ''],
  ['stage', 'Dev'],
  ['stage', '1st'],
  ['stage', 'dev-'],
  ['stage', 'abcdefghijklmnopqrstu'],
  ['stage', 'de v'],
  ['queuePrefix', ''],
  ['formerQueuePrefixes', 'old,*'],
  ['formerIdentityPoolIds', 'eu-west-1:x'],
  ['identities', 'everybody'],
  ['queuePolicySubject', 'maybe'],
  ['queuePrefix', '-brws'],
  ['queuePrefix', 'brws.fifo'],
  ['queuePrefix', 'b'.repeat(41)],
  ['queuePrefix', 'brws*'],
  ['queuePrefix', 'sqs'],
  ['queuePrefix', 'sqs-browser'],
  ['queuePrefix', 'sqs-browser-dev'],
  ['keyHours', '0'],
  ['keyHours', '13'],
  ['keyHours', '1.5'],
  ['keyHours', '4h'],
  ['keyHours', '-1'],
  ['keyHours', ''],
  ['keyHours', null],
  ['keyHours', '0x4'],
  ['messageRetention', '59'],
  ['messageRetention', '1209601'],
  ['cleanupEvery', '59'],
  ['cleanupEvery', '90'],
  ['cleanupEvery', '86460'],
  ['gracePeriod', '299'],
  ['gracePeriod', '518401'],
  ['poolSize', '10001'],
  ['poolSize', '-1'],
  ['streamMode', 'on_demand'],
  ['streamMode', 'ON-DEMAND'],
  ['parallelizationFactor', '0'],
  ['parallelizationFactor', '11'],
  ['enhancedFanOut', 'yes'],
  ['sessionConcurrency', '0'],
  ['sessionConcurrency', 'many'],
  ['allowedOrigins', ''],
  ['allowedOrigins', '*'],
  ['allowedOrigins', 'app.example.com'],
  ['allowedOrigins', 'https://app.example.com/'],
  ['allowedOrigins', 'https://app.example.com/path'],
  ['allowedOrigins', 'https://App.example.com'],
  ['allowedOrigins', 'https://a.example,ftp://b.example'],
  ['allowedOrigins', 'https://a"b.example'],
  ['allowedOrigins', 'https://a$b.example'],
  ['identityPoolId', 'sqs_browser'],
  ['identityPoolId', 'eu-west-1:0123'],
  ['identityPoolId', pool.toUpperCase()],
  ['apiAllowedCidrs', ''],
  ['apiAllowedCidrs', '203.0.113.0'],
  ['apiAllowedCidrs', '203.0.113.0/33'],
  ['apiAllowedCidrs', '2001:db8::/129'],
  ['apiAllowedCidrs', '203.0.113.256/24'],
  ['apiAllowedCidrs', '203.0.113.0/24/1'],
  ['apiAllowedCidrs', '203.0.113.0/'],
  ['apiCallers', ''],
  ['apiCallers', '*'],
  ['apiCallers', '11112222333'],
  ['apiCallers', 'arn:aws:sts::111122223333:assumed-role/x/y'],
  ['apiLogs', 'true'],
  ['alarmTopicArn', ''],
  ['alarmTopicArn', 'on-call'],
  ['alarmTopicArn', `${topic}.fifo`],
  ['alarmTopicArn', `${topic}:0a1b2c3d-subscription`],
  ['alarmTopicArn', 'arn:aws:sqs:eu-west-1:111122223333:on-call'],
  ['logDispatchData', 'yes'],
  ['apiMetrics', 'on'],
  ['logRuns', 'everything'],
  ['traces', 'all'],
  ['logDispatchData', '1'],
];

test.each([
  ['dev', 'sqs-browser-dev', 'sqs_browser', 'brws-dev'],
  ['prod', 'sqs-browser-prod', 'sqs_browser_prod', 'brws-prod'],
])('the stage %s names the stack %s, the pool %s and the queues %s', (stage, ...names) => {
  expect([stackName(stage), poolName(stage), defaultQueuePrefix(stage)]).toEqual(names);
});

describe('a right value', () => {
  test.each(good)('%s=%j is taken', (name, given, expected) => {
    const { settings, ...stack } = readConfiguration({ [name]: given });
    const { keyLifetime, ...others } = settings;
    const values = Object.entries({ ...stack, ...others, keyHours: keyLifetime?.toHours() });
    const [, value] = values.find(([one]) => one === name) ?? [];
    expect(value instanceof Duration ? value.toSeconds() : value).toEqual(expected);
  });

  test('is known for every setting', () => {
    expect(new Set([...good.map(([name]) => name), 'shardCount'])).toEqual(new Set(contextNames));
  });
});

describe('a wrong value', () => {
  test.each(bad)('%s=%j is refused in one sentence', (name, given) => {
    const text = typeof given === 'string' ? given : JSON.stringify(given);
    const message = refusal({ [name]: given });
    expect(message).toMatch(/^[^\n]+ must [^\n]+\.$|^[^\n]+…\.$/);
    expect(message).toContain(`${name}=${text} `);
  });

  test('is refused with what is right', () => {
    expect(refusal({ keyHours: 13 })).toBe(
      'The context value keyHours=13 is not right: it must be a whole number of hours from 1 to 12.',
    );
  });

  test.each(contextNames.filter((name) => name !== 'shardCount'))('is known for %s', (name) => {
    expect(bad.map(([wrong]) => wrong)).toContain(name);
  });
});

describe('shardCount', () => {
  test.each([1, '500'])('%j goes with a provisioned stream', (shardCount) => {
    expect(readConfiguration({ streamMode: 'PROVISIONED', shardCount }).settings.shardCount).toBe(Number(shardCount));
  });

  test.each([0, 501, 'many'])('%j is refused', (shardCount) => {
    expect(refusal({ streamMode: 'PROVISIONED', shardCount })).toContain(`shardCount=${shardCount} `);
  });

  test('is refused without a provisioned stream', () => {
    expect(refusal({ streamMode: 'ON_DEMAND', shardCount: 2 })).toContain('needs streamMode=PROVISIONED');
  });

  test.each([{ shardCount: 2 }, { parallelizationFactor: 2 }, { enhancedFanOut: true }])(
    'like other settings of the stream, is refused without a stream: %j',
    (setting) => {
      expect(refusal({ streamMode: 'NONE', ...setting })).toBe(
        `The context value ${Object.keys(setting).join('')} needs a stream, but streamMode=NONE makes none.`,
      );
    },
  );
});

describe('an unknown name', () => {
  test.each([
    ['keyhours', 'keyHours'],
    ['KeyHours', 'keyHours'],
    ['key_hours', 'keyHours'],
    ['keyHour', 'keyHours'],
    ['stag', 'stage'],
    ['stagge', 'stage'],
    ['queueprefix', 'queuePrefix'],
    ['allowedOrigin', 'allowedOrigins'],
    ['identityPoolID', 'identityPoolId'],
    ['graceperoid', 'gracePeriod'],
  ])('%s is taken for a slip of %s', (given, meant) => {
    expect(refusal({ [given]: 'x' })).toBe(`There is no context value ${given}: did you mean ${meant}?`);
  });

  test('that is like none of ours is answered with all of them', () => {
    expect(refusal({ colour: 'red' })).toBe(
      `There is no context value colour: the names are ${contextNames.join(', ')}.`,
    );
  });

  test.each(['aws:cdk:enable-path-metadata', '@aws-cdk/core:x', 'availability-zones:account=1', 'cli-telemetry'])(
    '%s of the CDK is left alone',
    (name) => {
      expect(refusal({ [name]: true })).toBe('accepted');
    },
  );
});

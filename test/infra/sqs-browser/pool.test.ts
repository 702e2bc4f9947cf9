import { describe, expect, test } from '@jest/globals';
import { withPool } from '../contexts.ts';
import { synthAll } from '../synth.ts';
import { objectOf, type Template } from '../template.ts';

const [{ template: plain }, { template, findings }] = await synthAll({}, withPool);

const variable = (template: Template, name: string, key: string): unknown =>
  objectOf(objectOf(template.function(name)['Environment'])['Variables'])[key];

describe('poolSize', () => {
  test('0, the default, makes nothing of a pool and permits nothing with it', () => {
    const text = JSON.stringify(plain.resources);
    expect(text).not.toMatch(/Pairs|FillPool|fill-pool/);
    expect(() => plain.function('fill-pool')).toThrow('There is no function fill-pool');
    expect(Object.keys(plain.outputs)).not.toEqual(expect.arrayContaining([expect.stringMatching(/Pair|FillPool/)]));
    expect(variable(plain, 'start-create', 'PAIR_TABLE_NAME')).toBe('none');
  });

  test('makes a table, a machine that fills it every minute, and alarms', () => {
    expect(findings).toMatchObject({ conclusion: 'success', violations: [] });
    expect(template.get('PairsTable').Properties).toMatchObject({
      KeySchema: [
        { AttributeName: 'pool', KeyType: 'HASH' },
        { AttributeName: 'queueName', KeyType: 'RANGE' },
      ],
      TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
    });
    // A table that was restored would give pairs a second time.
    expect(template.get('PairsTable').Properties).not.toHaveProperty('PointInTimeRecoverySpecification');
    expect(variable(template, 'fill-pool', 'POOL_SIZE')).toBe('100');
    for (const name of ['start-create', 'sweep-shard', 'sweep-identities', 'fill-pool']) {
      expect(variable(template, name, 'PAIR_TABLE_NAME')).toBe('<PairsTable>');
    }
    expect(template.ofType('AWS::Scheduler::Schedule').map(({ Properties }) => Properties)).toContainEqual(
      expect.objectContaining({
        ScheduleExpression: 'rate(1 minute)',
        Target: expect.objectContaining({ Arn: '<PoolWorkflowFillPoolWorkflowMachine>' }),
      }),
    );
    const alarms = template.ofType('AWS::CloudWatch::Alarm').map(({ id }) => id);
    expect(alarms).toEqual(expect.arrayContaining(['MonitoringPoolEmpty', 'MonitoringPoolNotFilled']));
  });

  test('gives pairs only to sessions that would have what the pair was made with', () => {
    const generation = variable(template, 'start-create', 'POOL_GENERATION');
    expect(generation).toBe(
      '<SessionsTable> <IdentityBrowserRole.RoleId> cognito-identity.amazonaws.com:sub <IdentitySessionNameSecret> ' +
        '<IdentityPool> none brws-dev 3600',
    );
    expect(variable(template, 'fill-pool', 'POOL_GENERATION')).toBe(generation);
  });
});

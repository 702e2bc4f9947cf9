import { describe, expect, test } from '@jest/globals';
import { pascalCase } from '../../../infra/task-function.ts';
import { taskNames } from '../../../infra/tasks.ts';
import { withPool } from '../contexts.ts';
import { synth } from '../synth.ts';
import { permissionsOf, statementsIn, type Statement } from '../template.ts';

const { template, findings } = await synth(withPool);

const sessionQueues = `arn:<AWS::Partition>:sqs:<AWS::Region>:<AWS::AccountId>:brws-dev-${'?'.repeat(32)}`;
const pool = 'arn:<AWS::Partition>:cognito-identity:<AWS::Region>:<AWS::AccountId>:identitypool/<IdentityPool>';
const routeCondition = JSON.stringify({
  'ForAllValues:StringEquals': {
    'dynamodb:Attributes': ['accountId', 'sessionId', 'userId', 'queueUrl', 'expires', 'createdAt', 'route'],
  },
  StringEquals: { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' },
});

const fetchMessages = ['s3:GetObject on <MessagesBucket.Arn>/messages/*', 's3:ListBucket on <MessagesBucket.Arn>'];
const storeMessages = 's3:PutObject on <MessagesBucket.Arn>/messages/*';
const readRoutes = [
  `dynamodb:Query on <SessionsTable.Arn> if ${routeCondition}`,
  `dynamodb:Query on <SessionsTable.Arn>/index/routes if ${routeCondition}`,
];

const listPairs = ['dynamodb:Query on <PairsTable.Arn>/index/byState'];

/** What each function may do beyond writing its log and its traces. */
const expected: Readonly<Record<string, readonly string[]>> = {
  'find-session': ['dynamodb:GetItem on <SessionsTable.Arn>'],
  'start-create': ['dynamodb:GetItem on <SessionsTable.Arn>', ...listPairs, 'dynamodb:UpdateItem on <PairsTable.Arn>'],
  'issue-keys': [],
  'make-queue': [`sqs:CreateQueue on ${sessionQueues}`],
  'record-session': ['dynamodb:GetItem on <SessionsTable.Arn>', 'dynamodb:PutItem on <SessionsTable.Arn>'],
  'set-policy': [
    'dynamodb:DeleteItem on <SessionsTable.Arn>',
    'dynamodb:GetItem on <SessionsTable.Arn>',
    `sqs:SetQueueAttributes on ${sessionQueues}`,
  ],
  'undo-create': [
    'cognito-identity:DeleteIdentities on *',
    'dynamodb:GetItem on <SessionsTable.Arn>',
    `sqs:DeleteQueue on ${sessionQueues}`,
    `sqs:GetQueueUrl on ${sessionQueues}`,
  ],
  'record-renewal': ['dynamodb:UpdateItem on <SessionsTable.Arn>'],
  'remove-record': ['dynamodb:DeleteItem on <SessionsTable.Arn>'],
  'delete-queue': [`sqs:DeleteQueue on ${sessionQueues}`],
  'delete-identity': ['cognito-identity:DeleteIdentities on *'],
  'list-sessions': ['dynamodb:Query on <SessionsTable.Arn>', 'dynamodb:Scan on <SessionsTable.Arn>'],
  'plan-cleanup': [
    'dynamodb:DescribeTable on <SessionsTable.Arn>',
    'dynamodb:GetItem on <SessionsTable.Arn>',
    'dynamodb:PutItem on <SessionsTable.Arn>',
  ],
  'sweep-shard': [
    'cognito-identity:DeleteIdentities on *',
    ...listPairs,
    'dynamodb:DeleteItem on <SessionsTable.Arn>',
    'dynamodb:Query on <SessionsTable.Arn>/index/byShard',
    'dynamodb:Scan on <SessionsTable.Arn>',
    'dynamodb:UpdateItem on <SessionsTable.Arn>',
    `sqs:DeleteQueue on ${sessionQueues}`,
    `sqs:GetQueueAttributes on ${sessionQueues}`,
    'sqs:ListQueues on *',
  ],
  'sweep-identities': [
    'cognito-identity:DeleteIdentities on *',
    `cognito-identity:ListIdentities on ${pool}`,
    ...listPairs,
    'dynamodb:DescribeTable on <SessionsTable.Arn>',
    'dynamodb:GetItem on <SessionsTable.Arn>',
    'dynamodb:PutItem on <SessionsTable.Arn>',
    'dynamodb:Query on <SessionsTable.Arn>/index/byShard',
  ],
  'fill-pool': [
    'cognito-identity:DeleteIdentities on *',
    ...listPairs,
    'dynamodb:PutItem on <PairsTable.Arn>',
    'dynamodb:UpdateItem on <PairsTable.Arn>',
    `sqs:CreateQueue on ${sessionQueues}`,
    `sqs:DeleteQueue on ${sessionQueues}`,
  ],
  'route-messages': [...readRoutes, ...fetchMessages, storeMessages, `sqs:SendMessage on ${sessionQueues}`],
  'deliver-batch': [...readRoutes, ...fetchMessages, `sqs:SendMessage on ${sessionQueues}`],
  'send-dead-letters': [
    ...readRoutes,
    ...fetchMessages,
    's3:PutObject on <MessagesBucket.Arn>/dead-letters/*',
    'sqs:SendMessage on <DeadLettersUndelivered.Arn>',
  ],
  'count-deliveries': [],
  'continue-dispatch': ['states:StartExecution on <DispatchWorkflowMachine>'],
  publish: [
    'dynamodb:GetItem on <IdempotencyTable.Arn>',
    'dynamodb:PutItem on <IdempotencyTable.Arn>',
    storeMessages,
    'states:StartSyncExecution on <DispatchWorkflowMachine>',
  ],
  router: [
    'kinesis:DescribeStream on <EventsStream.Arn>',
    'kinesis:DescribeStreamSummary on <EventsStream.Arn>',
    'kinesis:GetRecords on <EventsStream.Arn>',
    'kinesis:GetShardIterator on <EventsStream.Arn>',
    'kinesis:ListShards on <EventsStream.Arn>',
    's3:ListBucket on <EventsFailedBatches.Arn>',
    's3:PutObject on <EventsFailedBatches.Arn>/*',
    storeMessages,
    'sqs:SendMessage on <DeadLettersRejected.Arn>',
    'states:StartSyncExecution on <DispatchWorkflowMachine>',
  ],
};

const scopeOf = (name: string): string => {
  const found = template.ofType('AWS::Lambda::Function').find(({ id }) => id.endsWith(`${pascalCase(name)}Function`));
  return found?.id.replace(/Function$/, '') ?? '';
};

const allow = (lines: readonly string[]): readonly string[] => lines.map((line) => `Allow ${line}`);

describe("a function's role", () => {
  test.each(taskNames)('of %s allows exactly what it does', (name) => {
    const scope = scopeOf(name);
    const always = [
      `logs:CreateLogStream on <${scope}Log.Arn>`,
      `logs:PutLogEvents on <${scope}Log.Arn>`,
      'xray:PutTelemetryRecords on *',
      'xray:PutTraceSegments on *',
    ];
    expect(permissionsOf(template, `${scope}Role`)).toEqual(allow([...(expected[name] ?? []), ...always]).toSorted());
  });

  test.each(taskNames)('of %s is its own', (name) => {
    expect(template.function(name)['Role']).toBe(`<${scopeOf(name)}Role.Arn>`);
  });
});

const delivery = [
  'logs:CreateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:DescribeLogGroups',
  'logs:DescribeResourcePolicies',
  'logs:GetLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:UpdateLogDelivery',
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
  'xray:PutTelemetryRecords',
  'xray:PutTraceSegments',
];

describe("a machine's role", () => {
  test.each([
    [
      'SessionWorkflowsCreateSessionWorkflow',
      'SessionWorkflows',
      ['StartCreate', 'IssueKeys', 'MakeQueue', 'RecordSession', 'SetPolicy', 'UndoCreate'],
    ],
    [
      'SessionWorkflowsRenewSessionWorkflow',
      'SessionWorkflows',
      ['FindSession', 'IssueKeys', 'SetPolicy', 'RecordRenewal'],
    ],
    ['SessionWorkflowsSessionStatusWorkflow', 'SessionWorkflows', ['FindSession', 'IssueKeys']],
    ['SessionWorkflowsListSessionsWorkflow', 'SessionWorkflows', ['ListSessions']],
    [
      'SessionWorkflowsDestroySessionWorkflow',
      'SessionWorkflows',
      ['FindSession', 'RemoveRecord', 'DeleteQueue', 'DeleteIdentity'],
    ],
    ['CleanupWorkflow', 'CleanupWorkflow', ['PlanCleanup', 'SweepShard', 'SweepIdentities']],
    ['PoolWorkflowFillPoolWorkflow', 'PoolWorkflow', ['FillPool']],
    [
      'DispatchWorkflow',
      'DispatchWorkflow',
      ['RouteMessages', 'DeliverBatch', 'SendDeadLetters', 'CountDeliveries', 'ContinueDispatch'],
    ],
  ])('of %s runs its functions and nothing else', (workflow, scope, tasks) => {
    const runs = tasks.map((task) => `lambda:InvokeFunction on <${scope}${task}Function.Arn>`);
    const lines = [...runs, ...delivery.map((action) => `${action} on *`)];
    expect(permissionsOf(template, `${workflow}MachineRole`)).toEqual(allow(lines).toSorted());
  });
});

describe('another role', () => {
  test('lets the API start its machines and run its function', () => {
    expect(permissionsOf(template, 'SessionApiRole')).toEqual(
      [
        ...template
          .ofType('AWS::StepFunctions::StateMachine')
          .filter(({ id }) => !id.startsWith('PoolWorkflow'))
          .map(({ id }) => `Allow states:StartSyncExecution on <${id}>`),
        'Allow lambda:InvokeFunction on <DispatchWorkflowPublishFunction.Arn>',
      ].toSorted(),
    );
  });

  test('lets the schedules start the cleanup and the filling of the pool', () => {
    const roles = template.ofType('AWS::IAM::Role').filter(({ id }) => id.startsWith('SchedulerRole'));
    expect(roles.map(({ id }) => permissionsOf(template, id))).toEqual([
      ['Allow states:StartExecution on <CleanupWorkflowMachine>'],
      ['Allow states:StartExecution on <PoolWorkflowFillPoolWorkflowMachine>'],
    ]);
  });

  test('allows a browser nothing, and denies it everything but reading queues of this stage', () => {
    const names = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility'];
    const { Properties } = template.get('IdentityBrowserRole');
    expect(permissionsOf(template, 'IdentityBrowserRole')).toEqual([]);
    expect(Properties).not.toHaveProperty('ManagedPolicyArns');
    expect(Properties['Policies']).toMatchObject([
      {
        PolicyDocument: {
          Statement: [
            { Effect: 'Deny', NotAction: names, Resource: '*' },
            { Effect: 'Deny', Action: names.toSorted(), NotResource: sessionQueues },
          ],
        },
      },
    ]);
  });

  test('is none we do not know', () => {
    const machines = template.ofType('AWS::StepFunctions::StateMachine').map(({ id }) => `${id}Role`);
    const others = ['IdentityBrowserRole', 'SessionApiRole', 'SessionApiCloudWatchRole'];
    const known = new Set([...taskNames.map((name) => `${scopeOf(name)}Role`), ...machines, ...others]);
    const roles = template.ofType('AWS::IAM::Role').map(({ id }) => id);
    const schedules = [expect.stringMatching(/^SchedulerRole/), expect.stringMatching(/^SchedulerRole/)];
    expect(roles.filter((id) => !known.has(id))).toEqual(schedules);
  });
});

describe('who may assume', () => {
  const trustOf = (id: string): Statement | undefined =>
    statementsIn(template.get(id).Properties['AssumeRolePolicyDocument'])[0];

  test('the browser role is a guest of this pool', () => {
    expect(template.get('IdentityBrowserRole').Properties['AssumeRolePolicyDocument']).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Federated: 'cognito-identity.amazonaws.com' },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: {
            StringEquals: { 'cognito-identity.amazonaws.com:aud': '<IdentityPool>' },
            'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': 'unauthenticated' },
          },
        },
      ],
    });
  });

  test.each(taskNames)('the role of %s is Lambda', (name) => {
    expect(trustOf(`${scopeOf(name)}Role`)).toMatchObject({ Principal: { Service: 'lambda.amazonaws.com' } });
  });

  test('the role of the API is API Gateway', () => {
    expect(trustOf('SessionApiRole')).toMatchObject({ Principal: { Service: 'apigateway.amazonaws.com' } });
  });
});

describe('cdk-nag', () => {
  test('finds nothing but what is acknowledged with a reason', () => {
    expect(findings).toMatchObject({ conclusion: 'success', violations: [] });
    for (const { reason } of findings.suppressedViolations) expect(reason).toMatch(/^\S.{20,}\.$/);
  });

  test('has exactly these findings acknowledged', () => {
    const rules = new Set(findings.suppressedViolations.map(({ ruleName }) => ruleName.replace(/^AwsSolutions-/, '')));
    expect([...rules].sort()).toEqual([
      'APIG1',
      'APIG2',
      'APIG3',
      'APIG6',
      'COG4',
      'COG7',
      'DDB3',
      'IAM5[Resource::*]',
      expect.stringMatching(/^IAM5\[Resource::<EventsFailedBatches\w+\.Arn>\/\*\]$/),
      expect.stringMatching(/^IAM5\[Resource::<MessagesBucket\w+\.Arn>\/dead-letters\/\*\]$/),
      expect.stringMatching(/^IAM5\[Resource::<MessagesBucket\w+\.Arn>\/messages\/\*\]$/),
      'S1',
      'SF1',
      'SMG4',
      'SQS3',
    ]);
  });
});

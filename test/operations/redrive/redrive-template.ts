/** What redrive works on, with a dispatch machine that delivers nothing. */
const role = {
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Statement: [{ Effect: 'Allow', Principal: { Service: 'states.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    },
  },
};
/** Fails for the messages of account 13. */
const definition = {
  StartAt: 'Fails?',
  States: {
    'Fails?': {
      Type: 'Choice',
      Choices: [{ Variable: '$.messages[0].accountId', NumericEquals: 13, Next: 'Err: Fails' }],
      Default: 'Done',
    },
    'Err: Fails': { Type: 'Fail', Error: 'Throttled' },
    Done: { Type: 'Pass', Result: { sessions: 1, delivered: 1 }, End: true },
  },
};

export const redriveTemplate = {
  Resources: {
    Stream: { Type: 'AWS::Kinesis::Stream', Properties: { ShardCount: 1 } },
    Undelivered: { Type: 'AWS::SQS::Queue' },
    Rejected: { Type: 'AWS::SQS::Queue' },
    Failed: { Type: 'AWS::S3::Bucket' },
    Messages: { Type: 'AWS::S3::Bucket' },
    Role: role,
    Machine: {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        StateMachineType: 'EXPRESS',
        RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
        DefinitionString: JSON.stringify(definition),
      },
    },
  },
  Outputs: {
    ApiUrl: { Value: 'http://127.0.0.1:1' },
    UndeliveredQueueUrl: { Value: { Ref: 'Undelivered' } },
    RejectedQueueUrl: { Value: { Ref: 'Rejected' } },
    EventStreamName: { Value: { Ref: 'Stream' } },
    FailedBatchBucketName: { Value: { Ref: 'Failed' } },
    MessageBucketName: { Value: { Ref: 'Messages' } },
    DispatchMachineArn: { Value: { Ref: 'Machine' } },
  },
};

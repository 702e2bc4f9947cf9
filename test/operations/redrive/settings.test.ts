import { describe, expect, test } from '@jest/globals';
import { readSettings, UsageError } from '../../../operations/redrive/settings.ts';

const outputs = {
  EventStreamName: 'events',
  DispatchMachineArn: 'arn:dispatch',
  MessageTableName: 'messages',
  UndeliveredQueueUrl: 'https://sqs/1/undelivered',
  RejectedQueueUrl: 'https://sqs/1/rejected',
  FailedBatchBucketName: 'failed',
  ApiUrl: 'http://127.0.0.1:4000/api/',
};
const files: Readonly<Record<string, string>> = {
  'cdk.out/local-outputs.json': JSON.stringify({ 'sqs-browser-dev': outputs }),
  'two.json': JSON.stringify({ one: outputs, two: { ...outputs, EventStreamName: 'other' } }),
  'broken.json': '{',
};

const settings = (...args: string[]): ReturnType<typeof readSettings> =>
  readSettings(args, (path) => {
    const text = files[path];
    if (text === undefined) throw new Error(`no such file ${path}`);
    return text;
  });

describe('the settings', () => {
  test.each<[string, string[], object]>([
    [
      'come from the local outputs',
      ['--from', 'undelivered', '--local'],
      {
        from: 'undelivered',
        dryRun: false,
        streamName: '',
        dispatchMachineArn: 'arn:dispatch',
        messageTableName: 'messages',
        location: 'https://sqs/1/undelivered',
        endpoint: 'http://127.0.0.1:4000',
      },
    ],
    [
      'name the rejected queue',
      ['--from=rejected', '--local', '--dry-run'],
      { from: 'rejected', dryRun: true, location: 'https://sqs/1/rejected' },
    ],
    ['name the bucket', ['--from', 'failed-batches', '--local'], { location: 'failed' }],
    [
      'come from a file and a stack in it',
      ['--from', 'rejected', '--outputs', 'two.json', '--stack', 'two'],
      { streamName: 'other' },
    ],
    [
      'are given one by one',
      ['--from', 'failed-batches', '--stream', 's', '--bucket', 'b', '--machine', 'm', '--message-table', 't'],
      { streamName: 's', location: 'b', dispatchMachineArn: 'm', messageTableName: 't' },
    ],
    [
      'prefer what is given',
      ['--from', 'rejected', '--local', '--queue-url', 'https://mine', '--stream', 's'],
      { streamName: 's', location: 'https://mine' },
    ],
  ])('%s', (_, args, read) => {
    expect(settings(...args)).toMatchObject(read);
  });

  test('hold an address only for the service on this machine', () => {
    expect(settings('--from', 'rejected', '--outputs', 'two.json', '--stack', 'one')).not.toHaveProperty('endpoint');
  });

  test.each<[string, string[], RegExp]>([
    ['no origin', [], /--from must be one of undelivered, rejected, failed-batches/],
    ['an unknown origin', ['--from', 'queue'], /--from must be one of/],
    ['an unknown flag', ['--from', 'rejected', '--force'], /--force/],
    ['no names', ['--from', 'rejected'], /EventStreamName is missing: give --local, --outputs or --stream/],
    [
      'no queue',
      ['--from', 'rejected', '--stream', 's'],
      /RejectedQueueUrl is missing: give --local, --outputs or --queue-url/,
    ],
    ['a file that is not there', ['--from', 'rejected', '--outputs', 'none.json'], /none.json cannot be read/],
    ['a broken file', ['--from', 'rejected', '--outputs', 'broken.json'], /broken.json cannot be read/],
    [
      'several stacks',
      ['--from', 'rejected', '--outputs', 'two.json'],
      /--stack must be one of the stacks in two.json: one, two/,
    ],
    ['another stack', ['--from', 'rejected', '--outputs', 'two.json', '--stack', 'three'], /--stack must be one of/],
  ])('are refused for %s', (_, args, message) => {
    expect(() => settings(...args)).toThrow(UsageError);
    expect(() => settings(...args)).toThrow(message);
  });
});

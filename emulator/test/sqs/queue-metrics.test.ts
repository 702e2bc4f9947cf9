/** What CloudWatch hears of queues. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html */
import { expect, test } from '@jest/globals';
import { MovableClock } from '../../clock.ts';
import { startEmulator } from '../../index.ts';

const minute = 60_000;

/** An emulator with the queue `jobs`, one call of SQS on it, and the metrics of a queue. */
const start = async (worstCase = false) => {
  const clock = new MovableClock({ standsAt: Date.parse('2026-01-01T00:00:30Z') });
  const template = { Resources: { Jobs: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs' } } } };
  const emulator = await startEmulator({ template, clock, worstCase });
  const sqs = (action: string, parameters: object = {}, queue = 'jobs') =>
    emulator.ask('sqs', action, { QueueUrl: `${emulator.url}/000000000000/${queue}`, ...parameters });
  const measure = async (MetricName: string, queue = 'jobs'): Promise<object> => {
    const Metric = { Namespace: 'AWS/SQS', MetricName, Dimensions: [{ Name: 'QueueName', Value: queue }] };
    const answer = await emulator.ask('monitoring', 'GetMetricData', {
      MetricDataQueries: [{ Id: 'asked', MetricStat: { Metric, Period: 60, Stat: 'Maximum' } }],
      StartTime: (clock.now() - 15 * minute) / 1000,
      EndTime: (clock.now() + minute) / 1000,
    });
    return answer;
  };
  const ask: typeof emulator.ask = (...call) => emulator.ask(...call);
  return { clock, sqs, measure, ask, [Symbol.asyncDispose]: () => emulator.stop() };
};

const age = 'ApproximateAgeOfOldestMessage';

const values = (...Values: readonly number[]) => ({ MetricDataResults: [{ Id: 'asked', Values }] });

test('the age of the oldest message is that of the first which is not deleted, received or not', async () => {
  await using queue = await start();
  expect(await queue.measure(age)).toMatchObject(values());
  await queue.sqs('SendMessage', { MessageBody: 'first' });
  queue.clock.advance(2 * minute);
  await queue.sqs('SendMessage', { MessageBody: 'second' });
  expect(await queue.measure(age)).toMatchObject(values(120));
  const received = await queue.sqs('ReceiveMessage', { VisibilityTimeout: 3600 });
  queue.clock.advance(minute);
  expect(await queue.measure(age)).toMatchObject(values(180, 120));
  const [message] = (received as { readonly Messages: readonly { readonly ReceiptHandle: string }[] }).Messages;
  await queue.sqs('DeleteMessage', { ReceiptHandle: message?.ReceiptHandle });
  queue.clock.advance(minute);
  expect(await queue.measure(age)).toMatchObject(values(120, 180, 120));
});

test('a message that was received three times does not count in it', async () => {
  await using queue = await start();
  await queue.sqs('SendMessage', { MessageBody: 'poison' });
  queue.clock.advance(minute);
  await queue.sqs('ReceiveMessage', { VisibilityTimeout: 0 });
  await queue.sqs('ReceiveMessage', { VisibilityTimeout: 0 });
  expect(await queue.measure(age)).toMatchObject(values(60));
  await queue.sqs('ReceiveMessage', { VisibilityTimeout: 0 });
  queue.clock.advance(minute);
  expect(await queue.measure(age)).toMatchObject(values(60));
});

test('messages are counted by whether they can be received', async () => {
  await using queue = await start();
  await queue.sqs('SendMessage', { MessageBody: 'visible' });
  await queue.sqs('SendMessage', { MessageBody: 'received' });
  await queue.sqs('SendMessage', { MessageBody: 'later', DelaySeconds: 30 });
  await queue.sqs('ReceiveMessage', { VisibilityTimeout: 30 });
  const counts = ['Visible', 'NotVisible', 'Delayed'].map((which) => `ApproximateNumberOfMessages${which}`);
  for (const name of counts) expect(await queue.measure(name)).toMatchObject(values(1));
});

test('a queue that there is not has no metrics, and neither has a metric that no queue has', async () => {
  await using queue = await start();
  await queue.sqs('SendMessage', { MessageBody: 'hello' });
  expect(await queue.measure(age, 'none')).toMatchObject(values());
  expect(await queue.measure('NumberOfPages')).toMatchObject(values());
});

test('in the worst case the metrics of a new queue are a quarter of an hour late', async () => {
  await using queue = await start(true);
  await queue.ask('sqs', 'CreateQueue', { QueueName: 'late' });
  queue.clock.advance(minute);
  await queue.sqs('SendMessage', { MessageBody: 'hello' }, 'late');
  expect(await queue.measure(age, 'late')).toMatchObject(values());
  queue.clock.advance(14 * minute);
  expect(await queue.measure(age, 'late')).toMatchObject(values(840));
});

test('metrics of a day ago are forgotten with their queue', async () => {
  await using queue = await start();
  const known = () => queue.ask('monitoring', 'ListMetrics', { Namespace: 'AWS/SQS' });
  await queue.ask('sqs', 'CreateQueue', { QueueName: 'session' });
  await queue.sqs('SendMessage', { MessageBody: 'hello' }, 'session');
  await queue.measure(age, 'session');
  expect(await known()).toMatchObject({ Metrics: [{ MetricName: age, Dimensions: [{ Value: 'session' }] }] });
  await queue.sqs('DeleteQueue', {}, 'session');
  queue.clock.advance(25 * 60 * minute);
  await queue.measure('ApproximateNumberOfMessagesVisible');
  expect(await known()).toMatchObject({ Metrics: [{ Dimensions: [{ Value: 'jobs' }] }] });
});

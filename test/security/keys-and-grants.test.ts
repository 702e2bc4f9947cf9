import { GetQueueAttributesCommand, ListQueueTagsCommand, ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, expect, test } from '@jest/globals';
import type { CallRecord } from 'aws-template-emulator';
import { ServiceHarness } from '../lifecycle/service-harness.ts';
import { worstCase } from '../tools/worst-case.ts';
import { expectCounts } from './counts.ts';
import { readQueue, useService } from './whole-service.ts';

const harness = await ServiceHarness.start();
afterAll(() => harness[Symbol.asyncDispose]());
const { runtime } = harness;

const calls: CallRecord[] = [];
const printed: string[] = [];
const logged: string[] = [];
runtime.calls.on((call) => calls.push(call));
runtime.logs.on(({ text }) => printed.push(text));
// What the machines' logs get without execution data: names and times, and of a failure its error and, to be safe, its cause.
runtime.executions.on(({ executionArn, machine, status, error, cause }) =>
  logged.push(JSON.stringify({ executionArn, machine, status, error, cause })),
);
const { answers, secrets, names } = await useService(harness);

const queueTexts = async (): Promise<string[]> => {
  const { url: endpoint, clock } = runtime;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const systemClockOffset = clock.now() - Date.now();
  const sqs = new SQSClient({ endpoint, region: 'us-east-1', credentials, systemClockOffset });
  const { QueueUrls: urls = [] } = await sqs.send(new ListQueuesCommand({ MaxResults: 1000 }));
  const describe = async (QueueUrl: string) => [
    await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] })),
    await sqs.send(new ListQueueTagsCommand({ QueueUrl })),
  ];
  return (await Promise.all(urls.map(describe))).map((text) => JSON.stringify(text));
};

const leaksIn = (texts: readonly string[], wanted: ReadonlySet<string>): readonly string[] =>
  texts.filter((text) =>
    [...wanted].some((secret) => text.includes(secret) || text.includes(encodeURIComponent(secret))),
  );

test('no secret is in logs, metrics, records of executions, dead letters or answers that report errors', async () => {
  const errors = answers.filter(({ status }) => status >= 400).map(({ body }) => JSON.stringify(body));
  const deadLetters = [await readQueue(harness, 'RejectedQueueUrl'), await readQueue(harness, 'UndeliveredQueueUrl')];
  const queues = await queueTexts();
  expect(printed.some((text) => text.includes('CloudWatchMetrics'))).toBe(true);
  expect(errors.length).toBeGreaterThan(40);
  expect(secrets.size).toBeGreaterThan(50);
  for (const [, name = ''] of queues.join('').matchAll(/AROA\w+:(\w+)/g)) names.add(name);
  expect(names.size).toBeGreaterThan(10);
  const everywhere = [...errors, ...printed, ...logged, ...deadLetters];
  expect(leaksIn(everywhere, new Set([...secrets, ...names]))).toEqual([]);
  // A queue's policy has names and identities by design; what its reader can open with them is in minted-keys.test.ts.
  expect(leaksIn(queues, secrets)).toEqual([]);
  // In the worst case more calls fail.
  if (!worstCase) await expectCounts({ leakErrors: errors.length });
});

test('no call of the stack is refused for want of a permission', () => {
  const denied = calls.filter(({ outcome, principal }) => outcome === 'denied' && principal.type === 'role');
  expect(denied.map(({ service, action }) => `${service}:${action}`)).toEqual([]);
});

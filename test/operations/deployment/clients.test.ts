import { ListQueuesCommand } from '@aws-sdk/client-sqs';
import { MovableClock, startEmulator } from 'aws-template-emulator';
import { afterAll, expect, test } from '@jest/globals';
import { createClients, serviceTime } from '../../../operations/deployment/clients.ts';

const standsAt = Date.parse('2026-01-01T00:00:00Z');
const clock = new MovableClock({ standsAt });
const emulator = await startEmulator({
  template: { Resources: { Jobs: { Type: 'AWS::SQS::Queue' } } },
  clock,
  acceptMachineTime: true,
});

afterAll(() => emulator.stop());

test('the time is that of the service, once one of the clients has had an answer', async () => {
  const clients = createClients({ region: 'us-east-1', endpoint: emulator.url });
  expect(serviceTime(clients, 1_000)).toBe(1_000);
  await clients.sqs.send(new ListQueuesCommand({}));
  // A Date header has no fractions of a second, and the machine's time goes on.
  expect(Math.abs(serviceTime(clients) - standsAt)).toBeLessThan(60_000);
  clock.advance(3_600_000);
  await clients.sqs.send(new ListQueuesCommand({}));
  expect(Math.abs(serviceTime(clients) - clock.now())).toBeLessThan(60_000);
});

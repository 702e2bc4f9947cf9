import { describe, expect, test } from '@jest/globals';
import { openCognito, openDynamoDb, openSqs, openStepFunctions, openSts } from '../../../functions/aws/clients.ts';

const options = {
  endpoint: 'http://127.0.0.1:1',
  region: 'eu-west-1',
  credentials: { accessKeyId: 'A', secretAccessKey: 'S' },
};

describe('a client', () => {
  test.each([openCognito, openDynamoDb, openSqs, openSts])('makes two attempts (%p)', async (open) => {
    expect(await open(options).config.maxAttempts()).toBe(2);
  });

  test('of Step Functions starts nothing twice', async () => {
    expect(await openStepFunctions(options).config.maxAttempts()).toBe(1);
  });

  test("of SQS calls the Region and never the host in a queue's URL", () => {
    expect(openSqs(options).config.useQueueUrlAsEndpoint).toBe(false);
  });
});

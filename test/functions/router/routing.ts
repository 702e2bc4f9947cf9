import '../../fakes/environment.ts';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { MessagesInput } from '../../../functions/dispatch/dispatch.ts';
import type { StreamRecord } from '../../../functions/dispatch/record.ts';
import type { RejectedRecord } from '../../../functions/dispatch/rejected.ts';
import { handle } from '../../../functions/router/handler.ts';
import { startAwsServer } from '../../fakes/aws-server.ts';
import { DispatchTables } from '../../fakes/dispatch-tables.ts';
import { LogFake } from '../../fakes/log.ts';
import { MeasuresFake } from '../../fakes/measures.ts';
import { SqsFake } from '../../fakes/sqs.ts';

export const start = 1_700_000_000_000;

/** What StartSyncExecution answers, besides its ARN. */
export type Ending = { readonly status: string; readonly error?: string; readonly output?: string };

export const succeeded = (answer: object = {}): Ending => ({
  status: 'SUCCEEDED',
  output: JSON.stringify({ sessions: 1, delivered: 1, ...answer }),
});

/** The router, with a dispatch machine, queues and tables of its own. */
export const startRouting = async () => {
  const sqs = new SqsFake();
  const tables = new DispatchTables();
  const measures = new MeasuresFake();
  const log = new LogFake();
  /** The inputs of the executions, in the order they were started. */
  const executions: MessagesInput[] = [];
  const machine: { run: (input: MessagesInput) => Ending | Promise<Ending> } = { run: () => succeeded() };
  const server = await startAwsServer({
    ...sqs.actions,
    ...tables.actions,
    StartSyncExecution: async ({ input }) => {
      const read = JSON.parse(String(input)) as MessagesInput;
      executions.push(read);
      return {
        executionArn: 'arn:aws:states:eu-west-1:123456789012:express:dispatch:1',
        startDate: 1,
        stopDate: 2,
        ...(await machine.run(read)),
      };
    },
  });
  const run = handle(
    {
      sqs: new SQSClient({ ...server.client, useQueueUrlAsEndpoint: false }),
      dynamoDb: new DynamoDBClient(server.client),
      stepFunctions: new SFNClient({ ...server.client, disableHostPrefix: true }),
      measures,
      logger: log,
      now: () => start,
      delay: () => Promise.resolve(),
      random: () => 0,
    },
    {
      rejectedQueueUrl: 'https://sqs/1/rejected',
      dispatchMachineArn: 'arn:aws:states:eu-west-1:123456789012:stateMachine:dispatch',
      messageTableName: 'Messages',
    },
  );
  const route = (Records: readonly StreamRecord[], remaining = 900_000): ReturnType<typeof run> =>
    run({ Records }, { getRemainingTimeInMillis: () => remaining });
  const rejected = (): RejectedRecord[] => sqs.bodies('rejected').map((body) => JSON.parse(body) as RejectedRecord);
  return { sqs, tables, measures, log, executions, machine, server, route, rejected };
};

/** Records as Lambda gets them, numbered from 0. */
export const records = (...data: readonly (string | Buffer | object)[]): StreamRecord[] =>
  data.map((each, index) => ({
    eventID: `shardId-000000000000:${index}`,
    kinesis: {
      sequenceNumber: String(index),
      partitionKey: 'key',
      data: (typeof each === 'string' || Buffer.isBuffer(each)
        ? Buffer.from(each)
        : Buffer.from(JSON.stringify(each))
      ).toString('base64'),
      approximateArrivalTimestamp: start / 1000,
    },
  }));

export const failed = (...positions: readonly number[]) => ({
  batchItemFailures: positions.map((position) => ({ itemIdentifier: String(position) })),
});

import '../../fakes/environment.ts';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { handle as countDeliveries } from '../../../functions/count-deliveries/handler.ts';
import { handle as deliverBatch } from '../../../functions/deliver-batch/handler.ts';
import type { MessagesInput } from '../../../functions/dispatch/dispatch.ts';
import { jsonBytes } from '../../../functions/dispatch/message.ts';
import { handle as sendDeadLetters } from '../../../functions/send-dead-letters/handler.ts';
import { handle as routeMessages } from '../../../functions/route-messages/handler.ts';
import { handle as router } from '../../../functions/router/handler.ts';
import { startAwsServer } from '../../fakes/aws-server.ts';
import { DispatchTables } from '../../fakes/dispatch-tables.ts';
import { LogFake } from '../../fakes/log.ts';
import { MeasuresFake } from '../../fakes/measures.ts';
import { SqsFake } from '../../fakes/sqs.ts';

export const start = 1_700_000_000_000;

/** What an execution ends with. */
type Ending = { readonly status: string; readonly error?: string; readonly output?: string };

/**
 * The dispatch side in one process: the router and the functions of the machine, put together as the machine does, with
 * queues and tables of their own. The machine itself is tested where it runs.
 */
export const startDispatching = async () => {
  const sqs = new SqsFake();
  const tables = new DispatchTables();
  const measures = new MeasuresFake();
  /** The largest input or output of a state, in bytes. */
  const states = { largest: 0 };
  const server = await startAwsServer({
    ...sqs.actions,
    ...tables.actions,
    StartSyncExecution: async ({ input }) => ({
      executionArn: 'e',
      startDate: 1,
      stopDate: 2,
      ...(await execute(String(input))),
    }),
  });
  const shared = {
    sqs: new SQSClient({ ...server.client, useQueueUrlAsEndpoint: false }),
    dynamoDb: new DynamoDBClient(server.client),
    stepFunctions: new SFNClient({ ...server.client, disableHostPrefix: true }),
    measures,
    logger: new LogFake(),
    now: () => start,
    newId: () => 'notify',
    delay: () => Promise.resolve(),
    random: () => 0,
  };
  const environment = {
    sessionTableName: 'Sessions',
    messageTableName: 'Messages',
    undeliveredQueueUrl: 'https://sqs/1/undelivered',
    rejectedQueueUrl: 'https://sqs/1/rejected',
    dispatchMachineArn: 'arn:aws:states:eu-west-1:123456789012:stateMachine:dispatch',
  };
  const tasks = {
    route: routeMessages(shared, environment),
    deliver: deliverBatch(shared, environment),
    park: sendDeadLetters(shared, environment),
    count: countDeliveries(shared),
  };

  /** As a state does it: input and output are JSON, and both are measured. */
  const task = async <T>(run: (input: unknown) => Promise<T>, input: object): Promise<T> => {
    states.largest = Math.max(states.largest, jsonBytes(input));
    const output = JSON.parse(JSON.stringify(await run(JSON.parse(JSON.stringify(input))))) as T;
    states.largest = Math.max(states.largest, jsonBytes(output));
    return output;
  };

  const deliverOne = async (messages: unknown, delivery: unknown): Promise<object> => {
    const item = { messages, delivery };
    const failure = (error: unknown) => ({ failure: { Error: (error as Error).name, Cause: '' } });
    const result = await task(tasks.deliver, item).catch(failure);
    if (!('failure' in result) && result.undelivered.length === 0) return result;
    return task(tasks.park, { state: { ...item, ...('failure' in result ? result : { result }) } });
  };

  const execute = async (input: string): Promise<Ending> => {
    try {
      let dispatch: object = JSON.parse(input) as object;
      for (;;) {
        const routed = await task(tasks.route, { dispatch });
        const results = await Promise.all(routed.deliveries.map((delivery) => deliverOne(routed.messages, delivery)));
        const counted = await task(tasks.count, { dispatch: { ...routed, results } });
        if (counted.next !== 'route') return { status: 'SUCCEEDED', output: JSON.stringify(counted.answer) };
        dispatch = counted;
      }
    } catch (error) {
      return { status: 'FAILED', error: (error as Error).name };
    }
  };

  const run = router(shared, environment);
  const route = (Records: readonly object[]): ReturnType<typeof run> =>
    run({ Records }, { getRemainingTimeInMillis: () => 900_000 });
  const dispatch = (input: MessagesInput): Promise<Ending> => execute(JSON.stringify(input));
  return { sqs, tables, measures, states, server, route, dispatch };
};

import { UpstreamUnavailable } from '../../functions/aws/errors.ts';
import { handle as countDeliveries } from '../../functions/count-deliveries/handler.ts';
import { handle as deliverBatch } from '../../functions/deliver-batch/handler.ts';
import type { Answer, Delivery, DeliveryResult, MessagesInput } from '../../functions/dispatch/dispatch.ts';
import { jsonBytes } from '../../functions/dispatch/message.ts';
import { handle as routeMessages } from '../../functions/route-messages/handler.ts';
import { handle as router } from '../../functions/router/handler.ts';
import { handle as sendDeadLetters } from '../../functions/send-dead-letters/handler.ts';
import { createDeliveryTools } from '../tools/delivery-tools.ts';

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : String(error));

/**
 * The router and the functions of the dispatch machine in one process, put together as the machine does. The machine itself is
 * tested in test/statemachines.
 */
export const createDispatching = () => {
  const under = createDeliveryTools();
  /** The largest input or output of a state, in bytes. */
  const states = { largest: 0 };
  const base = 'https://sqs.eu-west-1.amazonaws.com/123456789012/';
  const tasks = {
    route: routeMessages(under.tools),
    deliver: deliverBatch(under.tools),
    send: sendDeadLetters({ ...under.tools, undeliveredQueueUrl: `${base}undelivered` }),
    count: countDeliveries(under.tools),
  };

  /** As a state does it: input and output are JSON, and both are measured. */
  const task = async <T>(run: (input: unknown) => T | Promise<T>, input: object): Promise<T> => {
    states.largest = Math.max(states.largest, jsonBytes(input));
    const output = JSON.parse(JSON.stringify(await run(JSON.parse(JSON.stringify(input))))) as T;
    states.largest = Math.max(states.largest, jsonBytes(output));
    return output;
  };

  const deliver = async (progress: object, delivery: Delivery, before?: DeliveryResult): Promise<DeliveryResult> => {
    const item = { ...progress, delivery, ...(before && { result: before }) };
    if ('result' in delivery) return task(tasks.send, { state: item });
    const failure = (error: unknown) => ({ failure: { Error: nameOf(error), Cause: '' } });
    const result = await task(tasks.deliver, item).catch(failure);
    if ('rest' in result) return deliver(progress, delivery, result);
    if (!('failure' in result) && result.undelivered.length === 0) return result;
    return task(tasks.send, { state: { ...item, ...('failure' in result ? result : { result }) } });
  };

  const execute = async (input: MessagesInput): Promise<Answer> => {
    for (let dispatch: object = input; ;) {
      const routed = await task(tasks.route, { dispatch, execution: 'execution' });
      if ('answer' in routed) return routed.answer;
      const { messages, deadline, deliveries } = routed;
      const results = await Promise.all(deliveries.map((delivery) => deliver({ messages, deadline }, delivery)));
      const counted = await task(tasks.count, { dispatch: { ...routed, results } });
      if (counted.next !== 'route') return counted.answer;
      dispatch = counted;
    }
  };

  const run = router({
    ...under.tools,
    rejectedQueueUrl: `${base}rejected`,
    dispatch: async (messages) => {
      await execute({ messages: [...messages] }).catch((error: unknown) => {
        throw new UpstreamUnavailable(nameOf(error));
      });
    },
  });
  const route = (Records: readonly object[]): ReturnType<typeof run> =>
    run({ Records }, { getRemainingTimeInMillis: () => 900_000 });
  return { ...under, states, route, execute };
};

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import { metricNames, metricsNamespace } from '../../../functions/aws/metric-names.ts';
import { createMeasures } from '../../../functions/aws/metrics.ts';

const directiveSchema = z.looseObject({
  Namespace: z.string(),
  Metrics: z.array(z.looseObject({ Name: z.string(), Unit: z.string() })),
});

const embeddedSchema = z.looseObject({ _aws: z.looseObject({ CloudWatchMetrics: z.array(directiveSchema) }) });

type Embedded = z.infer<typeof embeddedSchema>;

const write = process.stdout.write.bind(process.stdout);
let lines: Embedded[];

// Powertools writes to standard output by a console of its own, which is how CloudWatch gets the metrics.
beforeEach(() => {
  lines = [];
  process.stdout.write = (text: string | Uint8Array) => {
    lines.push(embeddedSchema.parse(JSON.parse(String(text))));
    return true;
  };
});

afterEach(() => {
  process.stdout.write = write;
});

const measured = (measure: (measures: ReturnType<typeof createMeasures>) => void): Embedded[] => {
  const measures = createMeasures();
  measure(measures);
  measures.publish();
  process.stdout.write = write;
  return lines;
};

describe('measures', () => {
  test('are written in the embedded metric format under one namespace', () => {
    const [line] = measured((measures) => {
      measures.count('messagesDelivered', 3);
      measures.deliveryLatency(12);
      measures.deliveryLatency(7);
    });
    expect(line?._aws.CloudWatchMetrics[0]?.Namespace).toBe(metricsNamespace);
    expect(line?._aws.CloudWatchMetrics[0]?.Metrics).toMatchObject([
      { Name: 'MessagesDelivered', Unit: 'Count' },
      { Name: 'DeliveryLatency', Unit: 'Milliseconds' },
    ]);
    expect(line).toMatchObject({ MessagesDelivered: 3, DeliveryLatency: [12, 7] });
  });

  test('hold every latency, however many', () => {
    const written = measured((measures) => {
      for (let latency = 0; latency < 250; latency += 1) measures.deliveryLatency(latency);
    });
    expect(written.flatMap((line) => line['DeliveryLatency'])).toEqual(
      Array.from({ length: 250 }, (_, latency) => latency),
    );
  });

  test('write nothing for zero', () => {
    expect(
      measured((measures) => {
        measures.count('messagesDeadLettered', 0);
      }),
    ).toEqual([]);
  });

  test('never tell a latency below zero', () => {
    expect(
      measured((measures) => {
        measures.deliveryLatency(-5);
      })[0],
    ).toMatchObject({ DeliveryLatency: 0 });
  });

  test('have the names that are documented', () => {
    expect(Object.values(metricNames)).toEqual([
      'MessagesReceived',
      'MessagesRouted',
      'SessionsTargeted',
      'MessagesDelivered',
      'QueuesGone',
      'MessagesDeadLettered',
      'RecordsRejected',
      'PairsFree',
      'DeliveryLatency',
    ]);
  });
});

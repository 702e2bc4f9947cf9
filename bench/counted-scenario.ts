/** What one scenario of the benchmark called, counted. */
export interface CountedScenario {
  readonly scenario: string;
  /** Message and session pairs that were delivered. */
  readonly deliveries: number;
  /** Calls by name: `sqs:SendMessageBatch`, `dynamodb:Query`, `lambda:DeliverBatch`, `states:StartSyncExecution`. */
  readonly calls: Readonly<Record<string, number>>;
  /** The least possible calls, by service: `sqs`. */
  readonly least: Readonly<Record<string, number>>;
}

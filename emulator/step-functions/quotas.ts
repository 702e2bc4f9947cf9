/** https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
export const quotas = {
  /** Input or output of a task, a state or an execution, as UTF-8. */
  payloadBytes: 262_144,
  /** Iterations at once. https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html */
  inlineMapConcurrency: 40,
  executionNameCharacters: 80,
  /** An Express execution ends after this many seconds at the latest. */
  executionSeconds: 300,
} as const;

/** The contexts that several files of tests look at: what was synthesized once is kept, and they share it. */

/** Everything that a stack can have. */
export const withPool = { poolSize: 100 };

/** What makes the stack cheaper. */
export const cheapValues = { streamMode: 'NONE', logRuns: 'failures', traces: 'none', apiMetrics: true };

export const identityPoolId = 'eu-west-1:01234567-89ab-cdef-0123-456789abcdef';

/** Every value another than the default. */
export const everyOtherValue = {
  stage: 'prod',
  queuePrefix: 'events',
  keyHours: 12,
  messageRetention: 120,
  cleanupEvery: 3600,
  gracePeriod: 600,
  streamMode: 'PROVISIONED',
  shardCount: 3,
  parallelizationFactor: 4,
  enhancedFanOut: true,
  sessionConcurrency: 20,
  allowedOrigins: 'https://a.example,https://b.example',
  identityPoolId,
  apiAllowedCidrs: '203.0.113.0/24,2001:db8::/32',
  apiCallers: '444455556666,arn:aws:iam::777788889999:role/backend',
  apiLogs: 'access-with-role',
  alarmTopicArn: 'arn:aws:sns:eu-west-1:111122223333:on-call',
  logDispatchData: true,
};

/** Of settings that go together, one without the other; a prefix and a pool that were others before; all runs logged. */
export const someValues = {
  apiAllowedCidrs: '203.0.113.0/24',
  apiLogs: 'access',
  queuePrefix: 'new',
  formerQueuePrefixes: 'old',
  formerIdentityPoolIds: identityPoolId,
  logRuns: 'all',
};

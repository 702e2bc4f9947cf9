const key = (hash: string, range: string) => [
  { AttributeName: hash, KeyType: 'HASH' },
  { AttributeName: range, KeyType: 'RANGE' },
];

const types = { accountId: 'N', sessionId: 'S', route: 'S', shard: 'S', expires: 'N' };

/** The table Sessions with its indexes, as in infra/sessions-table.ts. */
export const sessionsTable = {
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    TableName: 'Sessions',
    KeySchema: key('accountId', 'sessionId'),
    AttributeDefinitions: Object.entries(types).map(([AttributeName, AttributeType]) => ({
      AttributeName,
      AttributeType,
    })),
    LocalSecondaryIndexes: [
      {
        IndexName: 'routes',
        KeySchema: key('accountId', 'route'),
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['userId', 'queueUrl', 'expires', 'createdAt'] },
      },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'byShard',
        KeySchema: key('shard', 'expires'),
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['queueUrl', 'identityId'] },
      },
    ],
    BillingMode: 'PAY_PER_REQUEST',
  },
};

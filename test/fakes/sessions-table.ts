const key = (hash: string, range: string) => [
  { AttributeName: hash, KeyType: 'HASH' },
  { AttributeName: range, KeyType: 'RANGE' },
];

const types = { accountId: 'N', sessionId: 'S', route: 'S' };

/** The table Sessions as the dispatch side reads it; infra/sessions-table.ts has all of it. */
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
    BillingMode: 'PAY_PER_REQUEST',
  },
};

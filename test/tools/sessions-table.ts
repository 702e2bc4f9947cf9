const key = (hash: string, range: string) => [
  { AttributeName: hash, KeyType: 'HASH' },
  { AttributeName: range, KeyType: 'RANGE' },
];

/** The table Pairs with its index, as in infra/pairs-table.ts. */
export const pairsTable = {
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    TableName: 'Pairs',
    KeySchema: key('pool', 'queueName'),
    AttributeDefinitions: ['pool', 'queueName', 'state'].map((AttributeName) => ({
      AttributeName,
      AttributeType: 'S',
    })),
    LocalSecondaryIndexes: [
      {
        IndexName: 'byState',
        KeySchema: key('pool', 'state'),
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['identityId', 'createdAt'] },
      },
    ],
    BillingMode: 'PAY_PER_REQUEST',
    TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
  },
};

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

import * as z from 'zod/mini';
import { readAs } from '../schema.ts';
import type { Parameters } from '../service.ts';

const keySchema = z.array(z.object({ AttributeName: z.string(), KeyType: z.string() }));
const indexes = z._default(z.array(z.object({ IndexName: z.string(), KeySchema: keySchema })), []);

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-dynamodb-table.html */
const tableProperties = z.object({
  KeySchema: keySchema,
  LocalSecondaryIndexes: indexes,
  GlobalSecondaryIndexes: indexes,
  TimeToLiveSpecification: z.optional(z.object({ AttributeName: z.string() })),
});

/** Reads the properties of an AWS::DynamoDB::Table that the emulator itself uses. @throws Error naming the table and the property */
export const readTableProperties = (name: string, properties: Parameters): z.infer<typeof tableProperties> =>
  readAs(tableProperties, properties, (problem) => new Error(`${name}: ${problem}`));

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { clientSettings } from './client-settings.ts';
import { busyHandler } from './busy-handler.ts';

/** A client for many reads at once, each as quick as a table's. */
export const openDynamoDb = (): DynamoDBClient =>
  new DynamoDBClient({
    ...clientSettings,
    requestHandler: { ...busyHandler, ...clientSettings.requestHandler },
  });

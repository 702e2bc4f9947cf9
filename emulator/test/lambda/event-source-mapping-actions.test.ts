import {
  GetEventSourceMappingCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  ListFunctionsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { expect, test } from '@jest/globals';
import type { ListedMapping } from '../../lambda/event-source-mapping-actions.ts';
import { createLambda } from '../../lambda/service.ts';
import { serve } from '../service-server.ts';

const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:router';

class Mapping implements ListedMapping {
  readonly uuid = '11111111-2222-4333-8444-555555555555';
  readonly functionArn = functionArn;
  readonly streamArn = 'arn:aws:kinesis:us-east-1:000000000000:stream/events';
  readonly lastResult = 'OK';
  readonly modified = 1_700_000_000_000;
  isEnabled = true;

  setEnabled(isEnabled: boolean): void {
    this.isEnabled = isEnabled;
  }
}

const mapping = new Mapping();
const lambda = createLambda(() => Promise.resolve(''), [mapping]);
const client = new LambdaClient(await serve(lambda));

test('mappings are listed by the function’s name or ARN', async () => {
  for (const FunctionName of ['router', functionArn]) {
    const { EventSourceMappings } = await client.send(new ListEventSourceMappingsCommand({ FunctionName }));
    expect(EventSourceMappings).toMatchObject([
      { UUID: mapping.uuid, State: 'Enabled', LastProcessingResult: 'OK', EventSourceArn: mapping.streamArn },
    ]);
  }
  const others = await client.send(new ListEventSourceMappingsCommand({ FunctionName: 'other' }));
  expect(others.EventSourceMappings).toEqual([]);
});

test('a mapping is switched off and on', async () => {
  const update = (Enabled: boolean) =>
    client.send(new UpdateEventSourceMappingCommand({ UUID: mapping.uuid, Enabled }));
  expect(await update(false)).toMatchObject({
    State: 'Disabled',
    LastModified: new Date(mapping.modified),
    $metadata: { httpStatusCode: 202 },
  });
  expect(await client.send(new GetEventSourceMappingCommand({ UUID: mapping.uuid }))).toMatchObject({
    State: 'Disabled',
  });
  expect(await update(true)).toMatchObject({ State: 'Enabled' });
});

test('what it does not know is refused by name', async () => {
  await expect(client.send(new GetEventSourceMappingCommand({ UUID: 'none' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
  await expect(client.send(new UpdateEventSourceMappingCommand({ UUID: mapping.uuid, BatchSize: 1 }))).rejects.toThrow(
    'The emulator does not support BatchSize',
  );
  await expect(client.send(new UpdateEventSourceMappingCommand({ UUID: mapping.uuid }))).rejects.toThrow(
    'The emulator does not support an update without Enabled',
  );
  await expect(client.send(new ListEventSourceMappingsCommand({ MaxItems: 1 }))).rejects.toThrow(
    'The emulator does not support MaxItems',
  );
  await expect(client.send(new ListFunctionsCommand())).rejects.toThrow('The emulator does not support lambda');
});

test('a mapping’s ARN is what its permission is for', () => {
  const permissions = (uuid: string) => lambda.actions['GetEventSourceMapping']?.permissions?.({ UUID: uuid });
  const resource = `arn:aws:lambda:us-east-1:000000000000:event-source-mapping:${mapping.uuid}`;
  expect(permissions(mapping.uuid)).toEqual([{ action: 'lambda:GetEventSourceMapping', resource }]);
  expect(permissions('none')).toEqual([{ action: 'lambda:GetEventSourceMapping', resource: '*' }]);
});

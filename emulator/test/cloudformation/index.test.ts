import {
  CloudFormationClient,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  ListChangeSetsCommand,
  ListStackResourcesCommand,
} from '@aws-sdk/client-cloudformation';
import { expect, test } from '@jest/globals';
import { createCloudFormation } from '../../cloudformation/index.ts';
import { loadTemplate } from '../../template/load-template.ts';
import { location, serve } from '../service-server.ts';

const template = loadTemplate(
  {
    Resources: {
      Jobs: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs' } },
      Failed: { Type: 'AWS::SQS::Queue' },
    },
  },
  { ...location, stackName: 'shop', baseUrl: 'http://127.0.0.1:1' },
);
const outputs = { JobsUrl: 'http://127.0.0.1:1/000000000000/jobs', Odd: '<&>' };
const client = new CloudFormationClient(
  await serve(createCloudFormation({ ...location, stackName: 'shop', template, outputs })),
);

test('describes the stack with its outputs, by name or by id', async () => {
  const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName: 'shop' }));
  expect(stack).toMatchObject({
    StackName: 'shop',
    StackStatus: 'CREATE_COMPLETE',
    CreationTime: expect.any(Date),
    Outputs: [
      { OutputKey: 'JobsUrl', OutputValue: outputs.JobsUrl },
      { OutputKey: 'Odd', OutputValue: '<&>' },
    ],
  });
  const byId = await client.send(new DescribeStacksCommand({ StackName: stack?.StackId }));
  expect(byId.Stacks).toHaveLength(1);
  expect((await client.send(new DescribeStacksCommand())).Stacks).toHaveLength(1);
});

test('lists its resources with their physical ids', async () => {
  const found = await client.send(new DescribeStackResourcesCommand({ StackName: 'shop', LogicalResourceId: 'Jobs' }));
  const jobs = { LogicalResourceId: 'Jobs', PhysicalResourceId: outputs.JobsUrl, ResourceType: 'AWS::SQS::Queue' };
  expect(found.StackResources).toMatchObject([jobs]);
  const listed = await client.send(new ListStackResourcesCommand({ StackName: 'shop' }));
  expect(listed.StackResourceSummaries).toHaveLength(2);
  expect(listed.StackResourceSummaries?.[0]).toMatchObject(jobs);
});

test('a stack that does not exist is refused as AWS refuses it', async () => {
  await expect(client.send(new DescribeStacksCommand({ StackName: 'none' }))).rejects.toMatchObject({
    name: 'ValidationError',
    message: 'Stack with id none does not exist',
  });
});

test('an action that is not there is refused by name', async () => {
  await expect(client.send(new ListChangeSetsCommand({ StackName: 'shop' }))).rejects.toThrow(
    /does not support cloudformation:ListChangeSets/,
  );
});

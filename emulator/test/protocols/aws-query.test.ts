import { describe, expect, test } from '@jest/globals';
import { AwsClient } from 'aws4fetch';
import { serveGuarded } from '../access/guarded-server.ts';

const server = await serveGuarded();
server.sqs.createQueue('jobs', {});
const client = new AwsClient({
  accessKeyId: 'local',
  secretAccessKey: 'local',
  service: 'sqs',
  region: 'us-east-1',
  retries: 0,
});

/** A call of SQS as clients from before its JSON protocol make it. */
const call = async (fields: Readonly<Record<string, string>>, path = '/000000000000/jobs') => {
  const body = new URLSearchParams({ Version: '2012-11-05', ...fields }).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  const response = await client.fetch(server.url + path, { method: 'POST', headers, body });
  return { status: response.status, type: response.headers.get('content-type'), xml: await response.text() };
};

const texts = (xml: string, name: string) =>
  [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, text]) => text);

describe('SQS by its query protocol', () => {
  test('sends and receives messages with attributes', async () => {
    const sent = await call({
      Action: 'SendMessage',
      MessageBody: '{"a":"<&>"}',
      'MessageAttribute.1.Name': 'messageId',
      'MessageAttribute.1.Value.DataType': 'String',
      'MessageAttribute.1.Value.StringValue': 'm-1',
      'MessageAttribute.2.Name': 'sentAt',
      'MessageAttribute.2.Value.DataType': 'Number',
      'MessageAttribute.2.Value.StringValue': '17',
    });
    expect(sent).toMatchObject({ status: 200, type: 'text/xml' });
    expect(sent.xml).toContain(
      '<SendMessageResponse xmlns="http://queue.amazonaws.com/doc/2012-11-05/"><SendMessageResult>',
    );
    expect(texts(sent.xml, 'MD5OfMessageAttributes')).toHaveLength(1);

    const { xml } = await call({
      Action: 'ReceiveMessage',
      MaxNumberOfMessages: '10',
      'AttributeName.1': 'All',
      'MessageAttributeName.1': 'All',
    });
    expect(texts(xml, 'Body')).toEqual(['{&quot;a&quot;:&quot;&lt;&amp;&gt;&quot;}']);
    expect(xml).toContain('<MessageAttribute><Name>messageId</Name><Value>');
    expect(texts(xml, 'StringValue').sort()).toEqual(['17', 'm-1']);
    expect(texts(xml, 'Name')).toContain('ApproximateReceiveCount');

    const [handle = ''] = texts(xml, 'ReceiptHandle');
    const deleted = await call({ Action: 'DeleteMessage', ReceiptHandle: handle });
    expect(deleted).toMatchObject({ status: 200 });
    expect(deleted.xml).not.toContain('DeleteMessageResult');
  });

  test('sends batches and tells which entries failed', async () => {
    const { xml } = await call({
      Action: 'SendMessageBatch',
      'SendMessageBatchRequestEntry.1.Id': 'good',
      'SendMessageBatchRequestEntry.1.MessageBody': 'x',
      'SendMessageBatchRequestEntry.1.DelaySeconds': '900',
      'SendMessageBatchRequestEntry.2.Id': 'bad',
      'SendMessageBatchRequestEntry.2.MessageBody': 'y',
      'SendMessageBatchRequestEntry.2.DelaySeconds': '901',
    });
    expect(xml).toMatch(/<SendMessageBatchResultEntry><Id>good<\/Id>/);
    expect(xml).toMatch(/<BatchResultErrorEntry><Id>bad<\/Id>/);
  });

  test('creates queues with attributes and tags, and describes them', async () => {
    const made = await call(
      {
        Action: 'CreateQueue',
        QueueName: 'made',
        'Attribute.1.Name': 'VisibilityTimeout',
        'Attribute.1.Value': '45',
        'Tag.1.Key': 'team',
        'Tag.1.Value': 'yellow',
      },
      '/',
    );
    expect(texts(made.xml, 'QueueUrl')).toEqual([`${server.url}/000000000000/made`]);
    const path = '/000000000000/made';
    const attributes = await call({ Action: 'GetQueueAttributes', 'AttributeName.1': 'VisibilityTimeout' }, path);
    expect(attributes.xml).toContain('<Attribute><Name>VisibilityTimeout</Name><Value>45</Value></Attribute>');
    const tags = await call({ Action: 'ListQueueTags' }, path);
    expect(tags.xml).toContain('<Tag><Key>team</Key><Value>yellow</Value></Tag>');
    const list = await call({ Action: 'ListQueues', QueueNamePrefix: 'ma' }, '/');
    expect(texts(list.xml, 'QueueUrl')).toEqual([`${server.url}/000000000000/made`]);
  });

  test('refuses with the names of the query protocol', async () => {
    const missing = await call({ Action: 'PurgeQueue' }, '/000000000000/none');
    expect(missing.status).toBe(400);
    expect(texts(missing.xml, 'Code')).toEqual(['AWS.SimpleQueueService.NonExistentQueue']);
    expect(texts(missing.xml, 'Type')).toEqual(['Sender']);
    expect(texts((await call({ Action: 'AddPermission' })).xml, 'Message')).toEqual([
      'The emulator does not support sqs:AddPermission',
    ]);
  });

  test('is asked by GET as well', async () => {
    const response = await client.fetch(`${server.url}/?Action=ListQueues&Version=2012-11-05&QueueNamePrefix=jobs`);
    expect(texts(await response.text(), 'QueueUrl')).toEqual([`${server.url}/000000000000/jobs`]);
  });
});

test('an unsigned query of an unknown action is refused in XML', async () => {
  const body = new URLSearchParams({ Action: 'AssumeRole', Version: '2011-06-15' });
  const response = await fetch(server.url, { method: 'POST', body });
  expect(response.status).toBe(400);
  expect(texts(await response.text(), 'Message')).toEqual(['The emulator does not support sts:AssumeRole']);
});

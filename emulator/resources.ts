import * as z from 'zod/mini';
import type { CognitoIdentity } from './cognito-identity/index.ts';
import type { DynamoDb } from './dynamodb/index.ts';
import type { Kinesis } from './kinesis/index.ts';
import type { S3 } from './s3/index.ts';
import { bucketProperties, expirationRules } from './s3/lifecycle.ts';
import type { Sqs } from './sqs/index.ts';
import type { LoadedTemplate } from './template/index.ts';
import { readProperties } from './template/read-properties.ts';
import { forResource, resourceError } from './template/template-error.ts';

export interface ResourceServices {
  readonly sqs: Sqs;
  readonly dynamodb: DynamoDb;
  readonly kinesis: Kinesis;
  readonly cognitoIdentity: CognitoIdentity;
  readonly s3: S3;
}

const nameInUrl = (queueUrl: string): string => queueUrl.slice(queueUrl.lastIndexOf('/') + 1);

const queuePolicy = z.object({ Queues: z.array(z.string()), PolicyDocument: z.record(z.string(), z.unknown()) });
const bucketPolicy = z.object({ Bucket: z.string(), PolicyDocument: z.record(z.string(), z.unknown()) });

const createQueues = (template: LoadedTemplate, sqs: Sqs): void => {
  for (const { logicalId, ref, properties } of template.ofType('AWS::SQS::Queue'))
    forResource(logicalId, () => {
      sqs.createQueue(nameInUrl(ref), properties);
    });
  for (const resource of template.ofType('AWS::SQS::QueuePolicy')) {
    const { Queues: urls, PolicyDocument: policy } = readProperties(resource, queuePolicy);
    for (const url of urls)
      forResource(resource.logicalId, () => {
        sqs.setPolicy(nameInUrl(url), policy);
      });
  }
};

const createBuckets = (template: LoadedTemplate, s3: S3): void => {
  for (const resource of template.ofType('AWS::S3::Bucket')) {
    s3.createBucket(resource.ref, expirationRules(readProperties(resource, bucketProperties)));
  }
  for (const resource of template.ofType('AWS::S3::BucketPolicy')) {
    const { Bucket: bucket, PolicyDocument: policy } = readProperties(resource, bucketPolicy);
    forResource(resource.logicalId, () => {
      s3.setPolicy(bucket, policy);
    });
  }
};

/**
 * Creates the queues, tables, streams, identity pools and buckets of the template.
 * @throws TemplateError naming the resource and what is not supported; StateError when kept items do not fit a table
 */
export const createResources = async (template: LoadedTemplate, services: ResourceServices): Promise<void> => {
  createQueues(template, services.sqs);
  createBuckets(template, services.s3);
  for (const { logicalId, ref, properties } of template.ofType('AWS::Cognito::IdentityPool'))
    forResource(logicalId, () => {
      services.cognitoIdentity.createPool(ref, properties);
    });
  for (const { logicalId, ref, properties } of template.ofType('AWS::Kinesis::Stream'))
    forResource(logicalId, () => {
      services.kinesis.createStream(ref, properties);
    });
  const tables = template.ofType('AWS::DynamoDB::Table').map(({ logicalId, ref, properties }) =>
    services.dynamodb.createTable(ref, properties).catch((error: unknown) => {
      throw resourceError(logicalId, error);
    }),
  );
  await Promise.all(tables);
};

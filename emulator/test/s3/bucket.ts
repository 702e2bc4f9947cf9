import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { serveGuarded, testRole } from '../access/guarded-server.ts';

export const writer = testRole('writer', [
  {
    Effect: 'Allow',
    Action: ['s3:PutObject', 's3:ListBucket'],
    Resource: ['arn:aws:s3:::batches', 'arn:aws:s3:::batches/*'],
  },
]);

export const reader = testRole('reader', [
  { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::batches/*' },
]);

export const server = await serveGuarded([writer, reader]);
server.s3.createBucket('batches');

export const s3 = new S3Client(server.client());
export const asWriter = new S3Client(server.client(server.keysOf(writer)));
export const asReader = new S3Client(server.client(server.keysOf(reader)));

export const put = (Key: string, Body = 'content', input: object = {}) =>
  s3.send(new PutObjectCommand({ Bucket: 'batches', Key, Body, ...input }));

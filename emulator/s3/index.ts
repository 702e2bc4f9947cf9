import type { Clock } from '../clock.ts';
import { KeptMap } from '../persistence/kept-map.ts';
import type { State } from '../persistence/state.ts';
import { noState } from '../persistence/state.ts';
import type { PolicyDocument, Service } from '../service.ts';
import { deleteObject } from './actions/delete-object.ts';
import { getObject } from './actions/get-object.ts';
import { headBucket } from './actions/head-bucket.ts';
import { headObject } from './actions/head-object.ts';
import { listBuckets } from './actions/list-buckets.ts';
import { listObjectsV1 } from './actions/list-objects.ts';
import { listObjectsV2 } from './actions/list-objects-v2.ts';
import { putObject } from './actions/put-object.ts';
import type { Bucket, S3State, StoredObject } from './bucket.ts';
import type { ExpirationRule } from './lifecycle.ts';

export interface S3Options {
  readonly clock: Clock;
  /** Reads a bucket's policy, see Access.readResourcePolicy. */
  readonly readPolicy: (text: string) => PolicyDocument;
  /** Where objects are kept. Default: nowhere. */
  readonly state?: State;
}

/** Buckets in memory: enough for an on-failure destination, and for reading it with any S3 client. */
export interface S3 extends Service {
  readonly name: 's3';
  /** @param rules of its lifecycle */
  createBucket(name: string, rules?: readonly ExpirationRule[]): void;
  /** Gives a bucket its policy, from the template's AWS::S3::BucketPolicy. @throws Error when there is no such bucket. */
  setPolicy(name: string, policy: object): void;
}

export const createS3 = ({ clock, readPolicy, state: keptState = noState }: S3Options): S3 => {
  const objects = keptState.entries('s3-objects', (object: StoredObject) => object);
  const buckets = new Map<string, Bucket>();
  const state: S3State = { buckets, now: () => clock.now() };
  return {
    name: 's3',
    actions: {
      DeleteObject: deleteObject(state),
      GetObject: getObject(state),
      HeadBucket: headBucket(state),
      HeadObject: headObject(state),
      ListBuckets: listBuckets(state),
      ListObjects: listObjectsV1(state),
      ListObjectsV2: listObjectsV2(state),
      PutObject: putObject(state),
    },
    createBucket: (name, rules = []) => {
      const kept = new KeptMap(objects, `${name}/`);
      buckets.set(name, { name, created: clock.now(), objects: kept, policy: undefined, rules, expired: 0 });
    },
    setPolicy: (name, policy) => {
      const bucket = buckets.get(name);
      if (!bucket) throw new Error(`There is no bucket ${name}`);
      bucket.policy = readPolicy(JSON.stringify(policy));
    },
  };
};

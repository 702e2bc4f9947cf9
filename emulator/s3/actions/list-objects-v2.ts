import type { Action, Parameters } from '../../service.ts';
import { textOf } from '../../values.ts';
import type { S3State } from '../bucket.ts';
import { listingPermission, listObjects } from '../listing.ts';

/** The token is the last name of a page, in base64. https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
const tokenOf = (name: string): string => Buffer.from(name).toString('base64url');

const startOf = ({ ContinuationToken, StartAfter }: Parameters): string =>
  ContinuationToken === undefined ? textOf(StartAfter) : Buffer.from(textOf(ContinuationToken), 'base64url').toString();

export const listObjectsV2 = (state: S3State): Action => ({
  permissions: listingPermission(state),
  run: (parameters) => {
    const { answer, length, next } = listObjects(state, parameters, startOf(parameters));
    return { ...answer, KeyCount: length, NextContinuationToken: next === undefined ? undefined : tokenOf(next) };
  },
});

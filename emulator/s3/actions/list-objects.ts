import type { Action } from '../../service.ts';
import { textOf } from '../../values.ts';
import type { S3State } from '../bucket.ts';
import { listingPermission, listObjects } from '../listing.ts';

/**
 * The first version of the listing, which boto3's resources still call. NextMarker is for listings with a delimiter only.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html
 */
export const listObjectsV1 = (state: S3State): Action => ({
  permissions: listingPermission(state),
  run: (parameters) => {
    const { answer, next, encode } = listObjects(state, parameters, textOf(parameters['Marker']));
    return {
      ...answer,
      Marker: textOf(parameters['Marker']),
      NextMarker: next === undefined || parameters['Delimiter'] === undefined ? undefined : encode(next),
    };
  },
});

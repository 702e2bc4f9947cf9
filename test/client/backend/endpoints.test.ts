import { expect, test } from '@jest/globals';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { findKinesisUrl, findRegion } from '../../../client/backend/endpoints.ts';

/** Every Region that the CDK knows, of all partitions. */
const regions = RegionInfo.regions.map(({ name, domainSuffix }) => ({ region: name, domainSuffix }));

test.each(regions)('$region is reached at $domainSuffix', ({ region, domainSuffix }) => {
  const apiUrl = `https://abc.execute-api.${region}.${domainSuffix ?? ''}/dev`;
  expect(findRegion({ apiUrl }, {})).toBe(region);
  expect(findKinesisUrl({ apiUrl }, region, {})).toBe(`https://kinesis.${region}.${domainSuffix ?? ''}`);
});

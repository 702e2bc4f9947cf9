import * as z from 'zod/mini';
import type { EpochMilliseconds } from '../clock.ts';

const ruleSchema = z.strictObject({
  Id: z.optional(z.string()),
  Status: z.enum(['Enabled', 'Disabled']),
  Prefix: z.optional(z.string()),
  ExpirationInDays: z.optional(z.int().check(z.positive())),
  /** Without effect: there are no multipart uploads. */
  AbortIncompleteMultipartUpload: z.optional(z.unknown()),
});

/**
 * The properties of a bucket that count here. Rules of other kinds, which would delete other objects, are refused.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-s3-bucket-rule.html
 */
export const bucketProperties = z.object({
  LifecycleConfiguration: z.optional(z.object({ Rules: z.array(ruleSchema) })),
});

export interface ExpirationRule {
  readonly id: string;
  readonly prefix: string;
  readonly days: number;
}

/** The rules of a bucket that are enabled and expire objects. */
export const expirationRules = ({ LifecycleConfiguration: lifecycle }: z.output<typeof bucketProperties>) =>
  (lifecycle?.Rules ?? []).flatMap(
    ({ Id: id = '', Status, Prefix: prefix = '', ExpirationInDays: days }): ExpirationRule[] =>
      Status === 'Enabled' && days !== undefined ? [{ id, prefix, days }] : [],
  );

export const day = 86_400_000;

/** When an object expires, and by which rule. */
export interface Expiration {
  readonly time: EpochMilliseconds;
  readonly rule: string;
}

/**
 * An object expires at the first midnight UTC after the days of its rule, counted from when it was written; of several rules the earliest
 * counts. S3 may keep it for longer; here it is gone at that time.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html#intro-lifecycle-rules-number-of-days
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-conflicts.html
 */
export const expirationOf = (
  key: string,
  modified: EpochMilliseconds,
  rules: readonly ExpirationRule[],
): Expiration | undefined => {
  const [first] = rules
    .filter(({ prefix }) => key.startsWith(prefix))
    .map(({ id, days }) => ({ rule: id, time: Math.ceil((modified + days * day) / day) * day }))
    .sort((a, b) => a.time - b.time);
  return first;
};

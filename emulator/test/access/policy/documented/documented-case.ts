import type { PolicyStatement } from '../../../../service.ts';

/** What the IAM documentation says about a request, as a request and what becomes of it. */
export interface DocumentedCase {
  /** The page of the documentation, as its address names it. */
  readonly page: string;
  readonly title: string;
  /** Statements of the policies that apply; Version 2012-10-17 unless given. */
  readonly identity?: readonly PolicyStatement[];
  readonly session?: readonly PolicyStatement[];
  readonly resourcePolicy?: readonly PolicyStatement[];
  readonly version?: string;
  readonly caller?: 'role' | 'anonymous';
  readonly tags?: Readonly<Record<string, string>>;
  readonly action?: string;
  readonly resource?: string;
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
  /** Whether the request is allowed, or what the policy's error says. */
  readonly outcome: 'allowed' | 'denied' | { readonly error: string };
}

export const accountId = '111122223333';
export const roleArn = `arn:aws:iam::${accountId}:role/examplerole`;
export const sessionArn = `arn:aws:sts::${accountId}:assumed-role/examplerole/examplerolesessionname`;
export const accountArn = `arn:aws:iam::${accountId}:root`;
export const roleId = 'AROAEXAMPLEEXAMPLE123';

/** The request of every case that says nothing else. */
export const usual = {
  action: 's3:ListBucket',
  resource: 'arn:aws:s3:::amzn-s3-demo-bucket',
  session: 'examplerolesessionname',
  now: '2026-06-15T12:00:00Z',
} as const;

/** A statement that allows the usual request where `condition` holds. */
export const allowWhen = (condition: object): readonly PolicyStatement[] => [
  { Effect: 'Allow', Action: usual.action, Resource: usual.resource, Condition: condition },
];

/** A condition on one key, and what becomes of requests with each context. */
export const contexts = (
  page: string,
  condition: object,
  rows: readonly (readonly [
    title: string,
    context: Readonly<Record<string, string | readonly string[]>>,
    outcome: 'allowed' | 'denied',
  ])[],
): DocumentedCase[] =>
  rows.map(([title, context, outcome]) => ({ page, title, identity: allowWhen(condition), context, outcome }));

/** A condition that is an error, whatever the request. */
export const refused = (page: string, title: string, condition: object, error: string): DocumentedCase => ({
  page,
  title,
  identity: allowWhen(condition),
  outcome: { error },
});

import type { DocumentedCase } from './documented-case.ts';
import { allowWhen, contexts, refused, roleArn } from './documented-case.ts';

const page = 'IAM/latest/UserGuide/reference_policies_elements_condition_operators';

const tagged = (
  condition: object,
  tags: Readonly<Record<string, string>>,
  title: string,
  outcome: 'allowed' | 'denied',
) => ({
  page,
  title,
  identity: allowWhen(condition),
  tags,
  outcome,
});

const jobCategory = { StringEquals: { 'aws:PrincipalTag/job-category': 'iamuser-admin' } };

const strings: readonly DocumentedCase[] = [
  tagged(jobCategory, { 'job-category': 'iamuser-admin' }, 'StringEquals matches the exact value', 'allowed'),
  tagged(jobCategory, { 'job-category': 'dev-ops' }, 'StringEquals does not match another value', 'denied'),
  tagged(jobCategory, { 'job-category': 'IAMUser-Admin' }, 'StringEquals tells upper case from lower case', 'denied'),
  tagged(jobCategory, {}, 'StringEquals does not match a key that is absent', 'denied'),
  tagged(
    { StringNotEquals: { 'aws:PrincipalTag/team': 'red' } },
    {},
    'StringNotEquals holds when the key is absent',
    'allowed',
  ),
  tagged(
    { StringNotEquals: { 'aws:PrincipalTag/team': 'red' } },
    { team: 'red' },
    'StringNotEquals does not hold for the value',
    'denied',
  ),
  tagged(
    { StringEqualsIgnoreCase: { 'aws:PrincipalTag/environment': ['preprod', 'storage'] } },
    { environment: 'PreProd' },
    'StringEqualsIgnoreCase ignores case',
    'allowed',
  ),
  tagged(
    { StringNotEqualsIgnoreCase: { 'aws:PrincipalTag/environment': 'preprod' } },
    { environment: 'PreProd' },
    'StringNotEqualsIgnoreCase ignores case',
    'denied',
  ),
  ...contexts(page, { StringLike: { 's3:prefix': ['', 'home/', 'home/${aws:userid}/'] } }, [
    ['StringLike matches one of several values', { 's3:prefix': 'home/' }, 'allowed'],
    ['StringLike needs wildcards for a partial match', { 's3:prefix': 'home/other' }, 'denied'],
    [
      'StringLike replaces a policy variable',
      { 's3:prefix': 'home/AROAEXAMPLEEXAMPLE123:examplerolesessionname/' },
      'allowed',
    ],
  ]),
  ...contexts(page, { StringLike: { 's3:prefix': 'home/*/photo?.jpg' } }, [
    ['StringLike takes * for many characters and ? for one', { 's3:prefix': 'home/a/b/photo1.jpg' }, 'allowed'],
    ['StringLike takes ? for exactly one character', { 's3:prefix': 'home/a/photo12.jpg' }, 'denied'],
  ]),
  ...contexts(page, { StringNotLike: { 's3:prefix': 'secret/*' } }, [
    ['StringNotLike does not hold for a match', { 's3:prefix': 'secret/x' }, 'denied'],
    ['StringNotLike holds for anything else', { 's3:prefix': 'open/x' }, 'allowed'],
  ]),
];

const numbers: readonly DocumentedCase[] = [
  ...contexts(page, { NumericLessThanEquals: { 's3:max-keys': '10' } }, [
    ['NumericLessThanEquals matches the limit', { 's3:max-keys': '10' }, 'allowed'],
    ['NumericLessThanEquals compares numbers, not texts', { 's3:max-keys': '9' }, 'allowed'],
    ['NumericLessThanEquals does not match more', { 's3:max-keys': '11' }, 'denied'],
    ['NumericLessThanEquals does not match a key that is absent', {}, 'denied'],
  ]),
  ...contexts(page, { NumericGreaterThan: { 's3:max-keys': 10 } }, [
    ['NumericGreaterThan does not match the limit', { 's3:max-keys': '10' }, 'denied'],
    ['NumericGreaterThan matches more', { 's3:max-keys': '10.5' }, 'allowed'],
  ]),
  ...contexts(page, { NumericNotEquals: { 's3:max-keys': '10' } }, [
    ['NumericNotEquals does not hold for an equal number', { 's3:max-keys': '10.0' }, 'denied'],
    ['NumericNotEquals holds when the key is absent', {}, 'allowed'],
  ]),
  refused(
    page,
    'a Numeric operator refuses what is no number',
    { NumericEquals: { 's3:max-keys': 'ten' } },
    'ten is not a value',
  ),
];

const dates: readonly DocumentedCase[] = [
  ...contexts(page, { DateGreaterThan: { 'aws:TokenIssueTime': '2020-01-01T00:00:01Z' } }, [
    ['DateGreaterThan matches temporary credentials issued later', {}, 'allowed'],
  ]),
  ...contexts(page, { DateLessThan: { 'aws:CurrentTime': '2026-06-15T12:00:00Z' } }, [
    ['DateLessThan does not match the same moment', {}, 'denied'],
  ]),
  ...contexts(page, { DateGreaterThanEquals: { 'aws:CurrentTime': '2026-06-15T14:00:00+02:00' } }, [
    ['DateGreaterThanEquals knows time zones', {}, 'allowed'],
  ]),
  ...contexts(page, { DateLessThanEquals: { 'aws:EpochTime': '1781524800' } }, [
    ['DateLessThanEquals compares seconds since the epoch', {}, 'allowed'],
  ]),
  refused(
    page,
    'a Date operator refuses wildcards',
    { DateEquals: { 'aws:CurrentTime': '2026-*' } },
    '2026-* is not a value',
  ),
];

const truthAndAddresses: readonly DocumentedCase[] = [
  ...contexts(page, { Bool: { 'aws:SecureTransport': 'false' } }, [['Bool does not match the opposite', {}, 'denied']]),
  ...contexts(page, { Bool: { 'aws:SecureTransport': true } }, [['Bool takes a value without quotes', {}, 'allowed']]),
  refused(
    page,
    'Bool refuses what is neither true nor false',
    { Bool: { 'aws:SecureTransport': 'yes' } },
    'Bool takes true or false',
  ),
  ...contexts(page, { BinaryEquals: { 's3:prefix': 'QmluYXJ5VmFsdWVJbkJhc2U2NA==' } }, [
    ['BinaryEquals compares byte for byte', { 's3:prefix': 'QmluYXJ5VmFsdWVJbkJhc2U2NA==' }, 'allowed'],
    ['BinaryEquals does not match other bytes', { 's3:prefix': 'ASIAIOSFODNN7EXAMPLE' }, 'denied'],
    ['BinaryEquals does not match a key that is absent', {}, 'denied'],
  ]),
  ...contexts(page, { IpAddress: { 'aws:SourceIp': ['203.0.113.0/24', '2001:DB8:1234:5678::/64'] } }, [
    ['IpAddress matches an address of the range', { 'aws:SourceIp': '203.0.113.1' }, 'allowed'],
    ['IpAddress does not match an address outside', { 'aws:SourceIp': '198.51.100.1' }, 'denied'],
    ['IpAddress matches an IPv6 address of the range', { 'aws:SourceIp': '2001:db8:1234:5678::9' }, 'allowed'],
  ]),
  ...contexts(page, { NotIpAddress: { 'aws:SourceIp': '203.0.113.7' } }, [
    ['NotIpAddress takes an address without prefix as one address', { 'aws:SourceIp': '203.0.113.8' }, 'allowed'],
    ['NotIpAddress does not hold for that address', { 'aws:SourceIp': '203.0.113.7' }, 'denied'],
  ]),
];

const topic = 'arn:aws:sns:us-west-2:123456789012:TOPIC-ID';

const arns: readonly DocumentedCase[] = [
  ...contexts(page, { ArnEquals: { 'aws:SourceArn': topic } }, [
    ['ArnEquals matches the ARN', { 'aws:SourceArn': topic }, 'allowed'],
    [
      'ArnEquals does not match another account',
      { 'aws:SourceArn': 'arn:aws:sns:us-west-2:777788889999:TOPIC-ID' },
      'denied',
    ],
    ['ArnEquals does not match a key that is absent', {}, 'denied'],
  ]),
  ...contexts(page, { ArnLike: { 'aws:SourceArn': 'arn:aws:*:us-west-2:*:TOPIC-??' } }, [
    ['ArnLike checks each of the six components', { 'aws:SourceArn': topic }, 'allowed'],
    [
      'ArnLike lets no wildcard reach beyond its component',
      { 'aws:SourceArn': 'arn:aws:sns:x:us-west-2:TOPIC-ID' },
      'denied',
    ],
  ]),
  ...contexts(page, { ArnEquals: { 'aws:SourceArn': 'arn:aws:sns:us-west-2:*:*' } }, [
    ['ArnEquals takes wildcards like ArnLike', { 'aws:SourceArn': topic }, 'allowed'],
  ]),
  ...contexts(page, { ArnNotLike: { 'aws:PrincipalArn': roleArn } }, [
    ['ArnNotLike does not hold for a match', {}, 'denied'],
  ]),
];

const existence: readonly DocumentedCase[] = [
  ...contexts(page, { StringLikeIfExists: { 's3:prefix': ['t1.*', 't2.*', 'm3.*'] } }, [
    ['IfExists compares a key that is there', { 's3:prefix': 't1.micro' }, 'allowed'],
    ['IfExists does not match another value', { 's3:prefix': 'm2.micro' }, 'denied'],
    ['IfExists holds when the key is absent', {}, 'allowed'],
  ]),
  {
    page,
    title: 'a deny with a negated IfExists denies when the key is absent',
    identity: [
      ...allowWhen({}),
      { Effect: 'Deny', Action: '*', Resource: '*', Condition: { StringNotEqualsIfExists: { 's3:prefix': 'home/' } } },
    ],
    outcome: 'denied',
  },
  ...contexts(page, { Null: { 's3:prefix': 'true' } }, [
    ['Null true holds when the key is absent', {}, 'allowed'],
    ['Null true does not hold when the key is there', { 's3:prefix': 'home/' }, 'denied'],
  ]),
  ...contexts(page, { Null: { 'aws:TokenIssueTime': 'false' } }, [
    ['Null false holds for temporary credentials', {}, 'allowed'],
  ]),
  refused(
    page,
    'Null with IfExists is no operator',
    { NullIfExists: { 's3:prefix': 'true' } },
    'NullIfExists is not supported',
  ),
  refused(
    page,
    'an operator that does not exist is an error',
    { StringMatches: { 's3:prefix': 'a' } },
    'StringMatches is not supported',
  ),
  refused(
    page,
    'a key that is not known is an error',
    { StringEquals: { 'ec2:InstanceType': 't1' } },
    'ec2:InstanceType is not supported',
  ),
];

export const conditionOperatorCases: readonly DocumentedCase[] = [
  ...strings,
  ...numbers,
  ...dates,
  ...truthAndAddresses,
  ...arns,
  ...existence,
];

/**
 * The condition keys that the emulator knows, in lower case (AWS compares key names without regard to case). For these keys the
 * context of a request is the same as on AWS. A policy with any other key is refused: without a key that AWS would supply, a
 * deny could become an allow.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 */

/** Keys with at most one value. */
const singleValued = new Set([
  'aws:currenttime',
  'aws:epochtime',
  'aws:federatedprovider',
  'aws:principalaccount',
  'aws:principalarn',
  'aws:principalisawsservice',
  'aws:principalorgid',
  'aws:principalservicename',
  'aws:principaltype',
  'aws:requestedregion',
  'aws:resourceaccount',
  'aws:securetransport',
  'aws:sourceaccount',
  'aws:sourcearn',
  'aws:sourceip',
  'aws:sourcevpc',
  'aws:sourcevpce',
  'aws:tokenissuetime',
  'aws:userid',
  'aws:username',
  'aws:viaawsservice',
  'cognito-identity.amazonaws.com:aud',
  'cognito-identity.amazonaws.com:sub',
  'dynamodb:select',
  's3:delimiter',
  's3:max-keys',
  's3:prefix',
  'sts:rolesessionname',
]);

/** Keys that can have several values: a condition on one of them needs ForAllValues or ForAnyValue. */
const multivalued = new Set([
  'aws:principalservicenameslist',
  'cognito-identity.amazonaws.com:amr',
  'dynamodb:attributes',
  'dynamodb:leadingkeys',
]);

const principalTag = /^aws:principaltag\/./;

export const isKnownKey = (key: string): boolean => {
  const name = key.toLowerCase();
  return singleValued.has(name) || multivalued.has(name) || principalTag.test(name);
};

export const isMultivaluedKey = (key: string): boolean => multivalued.has(key.toLowerCase());

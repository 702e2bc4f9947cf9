import type { DocumentedCase } from './documented-case.ts';
import { allowWhen, contexts, refused, roleArn } from './documented-case.ts';

const setsPage = 'IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys';
const logicPage = 'IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values';
const operatorsPage = 'IAM/latest/UserGuide/reference_policies_elements_condition_operators';

const key = 'dynamodb:Attributes';
const named = ['environment', 'cost-center'];

const sets: readonly DocumentedCase[] = [
  ...contexts(setsPage, { 'ForAllValues:StringEquals': { [key]: named }, Null: { [key]: 'false' } }, [
    ['ForAllValues matches one of the listed values', { [key]: ['environment'] }, 'allowed'],
    ['ForAllValues matches all of the listed values', { [key]: named }, 'allowed'],
    ['ForAllValues does not match when one value is not listed', { [key]: ['environment', 'dept'] }, 'denied'],
    ['ForAllValues with Null does not match an absent key', {}, 'denied'],
  ]),
  ...contexts(setsPage, { 'ForAllValues:StringEquals': { [key]: named } }, [
    ['ForAllValues alone holds when the key is absent', {}, 'allowed'],
    ['ForAllValues alone holds for an empty set', { [key]: [] }, 'allowed'],
  ]),
  ...contexts(setsPage, { 'ForAnyValue:StringEquals': { [key]: named } }, [
    ['ForAnyValue matches when all values are listed', { [key]: named }, 'allowed'],
    ['ForAnyValue matches when one value is listed', { [key]: ['environment', 'dept'] }, 'allowed'],
    ['ForAnyValue does not match when none is listed', { [key]: ['dept'] }, 'denied'],
    ['ForAnyValue does not match an absent key', {}, 'denied'],
  ]),
  ...contexts(operatorsPage, { 'ForAllValues:StringNotLike': { [key]: ['secret*', 'session*'] } }, [
    ['ForAllValues with negation holds when no value matches', { [key]: ['route', 'expires'] }, 'allowed'],
    ['ForAllValues with negation does not hold when one matches', { [key]: ['route', 'secretKey'] }, 'denied'],
  ]),
  ...contexts(operatorsPage, { 'ForAnyValue:StringNotEquals': { [key]: named } }, [
    ['ForAnyValue with negation holds when one value does not match', { [key]: ['environment', 'dept'] }, 'allowed'],
    ['ForAnyValue with negation does not hold when all match', { [key]: named }, 'denied'],
  ]),
  refused(
    setsPage,
    'a key with several values needs a set operator',
    { StringEquals: { [key]: 'environment' } },
    'needs ForAllValues or ForAnyValue',
  ),
];

const tagsAndArn = (operator: string) => ({
  StringEquals: {
    'aws:PrincipalTag/department': ['finance', 'hr', 'legal'],
    'aws:PrincipalTag/role': ['audit', 'security'],
  },
  [operator]: { 'aws:PrincipalArn': [roleArn, 'arn:aws:iam::222222222222:user/Mary'] },
});

const logic: readonly DocumentedCase[] = (
  [
    [
      'ArnLike',
      'all keys match: operators and keys are joined by AND',
      { department: 'legal', role: 'audit' },
      'allowed',
    ],
    ['ArnLike', 'one key does not match', { department: 'hr', role: 'payroll' }, 'denied'],
    ['ArnLike', 'one key is absent', { department: 'hr' }, 'denied'],
    ['ArnNotLike', "a negated operator's values are joined by NOR", { department: 'legal', role: 'audit' }, 'denied'],
  ] as const
).map(([operator, title, tags, outcome]) => ({
  page: logicPage,
  title,
  identity: allowWhen(tagsAndArn(operator)),
  tags,
  outcome,
}));

const nor: readonly DocumentedCase[] = contexts(logicPage, { StringNotEquals: { 's3:prefix': ['a', 'b'] } }, [
  ['StringNotEquals with several values holds when none matches', { 's3:prefix': 'c' }, 'allowed'],
  ['StringNotEquals with several values does not hold when one matches', { 's3:prefix': 'b' }, 'denied'],
]);

export const conditionSetCases: readonly DocumentedCase[] = [...sets, ...logic, ...nor];

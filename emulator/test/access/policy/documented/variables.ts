import type { DocumentedCase } from './documented-case.ts';
import { allowWhen, contexts, refused, roleId } from './documented-case.ts';

const page = 'IAM/latest/UserGuide/reference_policies_variables';
const bucket = 'arn:aws:s3:::amzn-s3-demo-bucket';

const getObject = (pattern: string, rest: Partial<DocumentedCase>): DocumentedCase => ({
  page,
  title: pattern,
  identity: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: pattern }],
  action: 's3:GetObject',
  resource: `${bucket}/yellow/file`,
  outcome: 'allowed',
  ...rest,
});

const team = `${bucket}/\${aws:PrincipalTag/team}/*`;
const teamOrDefault = `${bucket}/\${aws:PrincipalTag/team, 'company-wide'}/*`;

export const variableCases: readonly DocumentedCase[] = [
  getObject(team, { title: 'a variable in Resource stands for its value', tags: { team: 'yellow' } }),
  getObject(team, { title: "a variable's other value does not match", tags: { team: 'red' }, outcome: 'denied' }),
  getObject(team, { title: 'a Resource whose variable has no value matches nothing', outcome: 'denied' }),
  getObject(team, {
    title: "a wildcard in a variable's value is no wildcard",
    tags: { team: '*' },
    outcome: 'denied',
  }),
  getObject(team, {
    title: 'without Version 2012-10-17 a variable is plain text',
    version: '2008-10-17',
    tags: { team: 'yellow' },
    outcome: 'denied',
  }),
  getObject(team, {
    title: 'without Version 2012-10-17 the plain text matches itself',
    version: '2008-10-17',
    resource: `${bucket}/\${aws:PrincipalTag/team}/file`,
  }),
  getObject(`${bucket}/\${AWS:UserId}/*`, {
    title: 'key names are case-insensitive',
    resource: `${bucket}/${roleId}:examplerolesessionname/file`,
  }),
  getObject(`${bucket}/\${aws:username}/*`, {
    title: 'aws:username is not present for an assumed role',
    resource: `${bucket}//file`,
    outcome: 'denied',
  }),
  getObject(teamOrDefault, {
    title: 'a default stands for a value that is absent',
    resource: `${bucket}/company-wide/x`,
  }),
  getObject(teamOrDefault, {
    title: 'a default does not matter when there is a value',
    tags: { team: 'yellow' },
    resource: `${bucket}/company-wide/x`,
    outcome: 'denied',
  }),
  getObject(`${bucket}/\${*}\${?}\${$}`, { title: 'special characters have variables', resource: `${bucket}/*?$` }),
  getObject(`${bucket}/\${*}`, {
    title: 'the asterisk of a special variable is no wildcard',
    resource: `${bucket}/x`,
    outcome: 'denied',
  }),
  getObject('arn:aws:s3:::${ec2:SourceInstanceARN}', {
    title: 'a variable that is not known is an error',
    outcome: { error: 'The policy variable ${ec2:SourceInstanceARN} is not supported' },
  }),
  getObject('arn:aws:s3:${aws:RequestedRegion}::x', {
    title: 'a variable before the fifth colon is an error',
    outcome: { error: "after an ARN's fifth colon only" },
  }),
  refused(
    page,
    'a key with several values is no variable',
    { StringLike: { 's3:prefix': '${dynamodb:Attributes}' } },
    'several values',
  ),
  ...contexts(page, { StringEquals: { 's3:prefix': '${aws:PrincipalTag/prefix}' } }, [
    ['StringEquals does not match a variable without a value', { 's3:prefix': 'x' }, 'denied'],
  ]),
  ...contexts(page, { StringNotEquals: { 's3:prefix': '${aws:PrincipalTag/prefix}' } }, [
    ['StringNotEquals holds for a variable without a value', { 's3:prefix': 'x' }, 'allowed'],
  ]),
  {
    page,
    title: 'aws:userid of an assumed role is the role id and the session name',
    identity: allowWhen({ StringEquals: { 'aws:userid': `${roleId}:examplerolesessionname` } }),
    outcome: 'allowed',
  },
  {
    page,
    title: 'aws:PrincipalType of an assumed role is AssumedRole',
    identity: allowWhen({ StringEquals: { 'aws:PrincipalType': 'AssumedRole' } }),
    outcome: 'allowed',
  },
];

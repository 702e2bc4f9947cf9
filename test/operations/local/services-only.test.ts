import { expect, test } from '@jest/globals';
import { servicesOnly } from '../../../operations/local/services-only.ts';

const at = (path: string, properties: object = {}) => ({
  Type: 'AWS::SQS::Queue',
  Properties: properties,
  Metadata: { 'aws:cdk:path': path },
});

const service = { Api: at('Mine/Push/SessionApi/Api/Resource'), Table: at('Mine/Push/Sessions/Resource') };

test('a service keeps what it uses of the stack, directly and in turn, and nothing else', () => {
  const Resources = {
    ...service,
    Router: at('Mine/Push/Router/Resource', { Stream: { 'Fn::GetAtt': ['Stream', 'Arn'] } }),
    Stream: at('Mine/Stream/Resource', { Key: { 'Fn::Sub': 'arn:${Key}' } }),
    Key: { ...at('Mine/Key/Resource'), DependsOn: ['Policy'] },
    Policy: at('Mine/Policy/Resource'),
    Vpc: at('Mine/Vpc/Resource'),
    Pushy: at('Mine/Pushy/Resource', { Table: { Ref: 'Table' } }),
  };
  const Outputs = { PushApiUrl: { Value: { Ref: 'Api' } }, VpcId: { Value: { Ref: 'Vpc' } } };
  const part = servicesOnly({ Resources, Outputs, Mappings: {} });
  expect(Object.keys(part?.template.Resources ?? {})).toEqual(['Api', 'Table', 'Router', 'Stream', 'Key', 'Policy']);
  expect(part?.leftOut).toEqual(['Vpc', 'Pushy']);
  expect(part?.template).toMatchObject({ Outputs: { PushApiUrl: Outputs.PushApiUrl }, Mappings: {} });
  expect(part?.template['Outputs']).not.toHaveProperty('VpcId');
});

test('all services of a stack are kept', () => {
  const Resources = {
    ...service,
    Other: at('Mine/Backend/Notes/SessionApi/Api/Resource'),
    OtherTable: at('Mine/Backend/Notes/Sessions/Resource'),
    Backend: at('Mine/Backend/Function/Resource'),
  };
  expect(servicesOnly({ Resources })?.leftOut).toEqual(['Backend']);
});

test.each([
  ['nothing but a service', service],
  ['no service', { Vpc: at('Mine/Vpc/Resource') }],
  ['no paths of constructs', { Api: { Type: 'AWS::SQS::Queue' }, Vpc: { Type: 'AWS::EC2::VPC' } }],
])('there is no part of a stack with %s', (_what, Resources) => {
  expect(servicesOnly({ Resources })).toBeUndefined();
});

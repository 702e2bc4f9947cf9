/** A template with two REST APIs, which have a host each on AWS, and a path each here. */
import { afterAll, expect, test } from '@jest/globals';
import { startEmulator } from '../index.ts';

/** An API with a method at /orders, which answers with a status of its own. */
const api = (name: string, status: number, authorization = 'NONE') => ({
  [name]: { Type: 'AWS::ApiGateway::RestApi', Properties: { Name: name } },
  [`${name}Stage`]: {
    Type: 'AWS::ApiGateway::Stage',
    Properties: { RestApiId: { Ref: name }, StageName: `${name.toLowerCase()}-v1` },
  },
  [`${name}Orders`]: {
    Type: 'AWS::ApiGateway::Resource',
    Properties: {
      RestApiId: { Ref: name },
      ParentId: { 'Fn::GetAtt': [name, 'RootResourceId'] },
      PathPart: 'orders',
    },
  },
  [`${name}Get`]: {
    Type: 'AWS::ApiGateway::Method',
    Properties: {
      RestApiId: { Ref: name },
      ResourceId: { Ref: `${name}Orders` },
      HttpMethod: 'GET',
      AuthorizationType: authorization,
      Integration: {
        Type: 'MOCK',
        RequestTemplates: { 'application/json': `{ "statusCode": ${status} }` },
        IntegrationResponses: [{ StatusCode: String(status) }],
      },
    },
  },
});

const url = (name: string) => ({
  'Fn::Join': [
    '',
    [
      ...['https://', { Ref: name }, '.execute-api.', { Ref: 'AWS::Region' }, '.amazonaws.com/'],
      ...[{ Ref: `${name}Stage` }, '/'],
    ],
  ],
});

const emulator = await startEmulator({
  template: {
    Resources: { ...api('Shop', 200), ...api('Bank', 202, 'AWS_IAM') },
    Outputs: { ShopUrl: { Value: url('Shop') }, BankUrl: { Value: url('Bank') } },
  },
  apiAuth: 'iam',
  explainUnknownRoutes: true,
});

afterAll(() => emulator.stop());

const { ShopUrl = '', BankUrl = '' } = emulator.outputs;

test('each has a URL of its own, at which its routes answer and no others', async () => {
  expect(ShopUrl).toMatch(new RegExp(`^${emulator.url}/[a-z0-9]{10}/shop-v1/$`));
  expect((await fetch(`${ShopUrl}orders`)).status).toBe(200);
  expect((await fetch(`${BankUrl}orders`)).status).toBe(403);
  const unknown = await fetch(`${ShopUrl}order`);
  expect(unknown.status).toBe(404);
  expect(await unknown.json()).toMatchObject({
    message: 'There is no route GET /shop-v1/order. The nearest one is /orders.',
  });
});

test('a method that a route does not answer is refused with those that it answers', async () => {
  const refused = await fetch(`${ShopUrl}orders`, { method: 'DELETE' });
  expect(refused.status).toBe(404);
  expect(await refused.json()).toMatchObject({ message: '/shop-v1/orders answers GET, not DELETE.' });
});

test('a path of neither is answered with where they are', async () => {
  const refused = await fetch(`${emulator.url}/orders`);
  expect(refused.status).toBe(404);
  const [shop = '', bank = ''] = [ShopUrl, BankUrl].map((one) => new URL(one).pathname.split('/')[1]);
  expect(await refused.json()).toMatchObject({
    message: `The template has several APIs, each under its id: /${shop}/ (Shop), /${bank}/ (Bank).`,
  });
});

test('requests are counted by API', async () => {
  const count = async (ApiName: string) => {
    const Metric = {
      Namespace: 'AWS/ApiGateway',
      MetricName: 'Count',
      Dimensions: [{ Name: 'ApiName', Value: ApiName }],
    };
    const answer = await emulator.ask('monitoring', 'GetMetricData', {
      MetricDataQueries: [{ Id: 'count', MetricStat: { Metric, Period: 3600, Stat: 'Sum' } }],
      StartTime: emulator.clock.now() / 1000 - 3600,
      EndTime: emulator.clock.now() / 1000 + 3600,
    });
    const { MetricDataResults } = answer as { MetricDataResults: readonly { Values: readonly number[] }[] };
    return MetricDataResults.flatMap(({ Values }) => Values).reduce((sum, value) => sum + value, 0);
  };
  const [shop, bank] = [await count('Shop'), await count('Bank')];
  await fetch(`${BankUrl}orders`);
  expect([await count('Shop'), await count('Bank')]).toEqual([shop, bank + 1]);
});

import { expect, test } from '@jest/globals';
import { description, FakeService, json } from './fake-service.ts';

const page = (from: number, to: number, nextToken?: string): Response => {
  const sessions = Array.from({ length: to - from }, (_, n) => ({ ...description, sessionId: String(from + n) }));
  return json(200, nextToken === undefined ? { sessions } : { sessions, nextToken });
};

const all = async <Item>(items: AsyncIterable<Item>): Promise<Item[]> => {
  const got: Item[] = [];
  for await (const item of items) got.push(item);
  return got;
};

const paths = ({ sent }: FakeService): string[] => sent.map(({ url }) => url.pathname + url.search);

test('gives the sessions of all pages, asking for each when it is needed', async () => {
  const service = new FakeService();
  service.replies = [page(0, 2, 'a/b='), page(2, 2, 'c'), page(2, 3)];
  const list = service.client().listSessions({ limit: 2 });
  expect(service.sent).toEqual([]);
  const seen: string[] = [];
  const asked: number[] = [];
  for await (const { sessionId } of list) {
    seen.push(sessionId);
    asked.push(service.sent.length);
  }
  expect(seen).toEqual(['0', '1', '2']);
  expect(asked).toEqual([1, 1, 3]);
  expect(paths(service)).toEqual([
    '/dev/status?limit=2',
    '/dev/status?limit=2&nextToken=a%2Fb%3D',
    '/dev/status?limit=2&nextToken=c',
  ]);
});

test('gives pages, and goes on where one ended', async () => {
  const service = new FakeService();
  service.replies = [page(0, 2, 'a'), page(2, 3)];
  for await (const { sessions, nextToken } of service.client().listSessions({ accountId: 5 }).pages()) {
    expect(sessions).toHaveLength(2);
    expect(nextToken).toBe('a');
    break;
  }
  const [last] = await all(service.client().listSessions({ accountId: 5, nextToken: 'a' }).pages());
  expect(last?.sessions.map(({ sessionId }) => sessionId)).toEqual(['2']);
  expect(last).not.toHaveProperty('nextToken');
  expect(paths(service)).toEqual(['/dev/status/5', '/dev/status/5?nextToken=a']);
});

test('tries a page again, and none of those before it', async () => {
  const service = new FakeService();
  service.replies = [page(0, 1, 'a'), json(502, { error: 'UpstreamFailed', message: 'Down' }), page(1, 2)];
  const sessions = await all(service.client().listSessions());
  expect(sessions.map(({ sessionId }) => sessionId)).toEqual(['0', '1']);
  expect(service.sent).toHaveLength(3);
});

test('rejects, and does not throw, for a wrong account', async () => {
  const list = new FakeService().client().listSessions({ accountId: 0.5 });
  await expect(list[Symbol.asyncIterator]().next()).rejects.toMatchObject({ field: 'accountId' });
});

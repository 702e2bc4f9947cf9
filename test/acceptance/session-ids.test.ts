import { describe, expect, test } from '@jest/globals';
import { refusal, startStack } from './stack.ts';

const stack = await startStack();

const ids: readonly (readonly [what: string, id: string])[] = [
  ['a slash', 'a/b'],
  ['nothing but a slash', '/'],
  ['a space', 'a b'],
  ['a plus', 'a+b'],
  ['a quote', 'say "hi"'],
  ['an apostrophe', "it's"],
  ['@@', '@@,@@admin@@:@@true'],
  ['an emoji', '\u{1f600}\u{1f468}\u200d\u{1f469}'],
  ['a percent sign', '100%'],
  ['something that looks encoded', '%2F%25%zz'],
  ['a backslash', 'a\\b'],
  ['a template', '$util.parseJson("{}")#set($a=1)'],
  ['a question mark and a hash', 'a?b=c&d#e'],
  ['control characters', 'a\u0000\n\t\u001fb'],
  ['right to left', '\u05e9\u05dc\u05d5\u05dd\u202e'],
  ['255 characters', 'x'.repeat(255)],
  ['255 characters of several bytes', '\u4e2d'.repeat(255)],
];

describe('a session whose id has', () => {
  test.each(ids)('%s goes from create to destroy', async (_what, id) => {
    const path = `/1/${encodeURIComponent(id)}`;
    const created = await stack.create(1, id);
    expect(created.sessionId).toBe(id);
    const { sqsUrl, identityId, sessionId } = created;
    expect(await stack.call(`/status${path}`)).toMatchObject({ status: 200, json: { sqsUrl, identityId, sessionId } });
    const notified = await stack.call(`/notify/1/session/${encodeURIComponent(id)}?msg=hello`);
    expect(notified).toMatchObject({ status: 200, json: { sessions: 1, delivered: 1 } });
    expect(await stack.receive(created)).toEqual([JSON.stringify({ accountId: 1, sessionId: id, msg: 'hello' })]);
    expect(await stack.call(`/renew${path}`)).toMatchObject({ status: 200, json: { sessionId: id } });
    expect(await stack.call(`/destroy${path}`)).toMatchObject({ status: 200, json: { destroyed: true } });
    expect(await stack.call(`/status${path}`)).toMatchObject({ status: 404, json: refusal('SessionNotFound') });
  });

  test('lower-case escapes is the same session', async () => {
    const created = await stack.create(2, '\u00e9/');
    const { sqsUrl, identityId } = created;
    expect(await stack.call('/status/2/%c3%a9%2f')).toMatchObject({ status: 200, json: { sqsUrl, identityId } });
  });
});

test('sessions whose ids differ only in how they look encoded are different sessions', async () => {
  const plain = await stack.create(3, 'a/b');
  const encoded = await stack.create(3, 'a%2Fb');
  const twice = await stack.create(3, 'a%252Fb');
  expect(new Set([plain.sqsUrl, encoded.sqsUrl, twice.sqsUrl]).size).toBe(3);
});

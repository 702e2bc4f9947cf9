import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});

afterAll(() => stage.close());

test('a page receives with a script tag', async () => {
  const session = await stage.newSession();
  const tab = await stage.tab(session, { file: 'script.html' });
  await stage.notify(session, 1);
  expect(await tab.showed(1)).toEqual([1]);
});

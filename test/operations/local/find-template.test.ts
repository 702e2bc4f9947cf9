import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { findTemplate } from '../../../operations/local/find-template.ts';

let app: string;

beforeAll(async () => {
  app = await mkdtemp(join(tmpdir(), 'app-'));
});

afterAll(() => rm(app, { recursive: true }));

test('says what to do when there is no folder, no stack, another stack, or several', async () => {
  await expect(findTemplate({ app: join(app, 'none') })).rejects.toThrow(
    /^There is no folder .*: run cdk synth first\.$/,
  );
  await expect(findTemplate({ app })).rejects.toThrow(`There is no stack in ${app}: run cdk synth first.`);
  await writeFile(join(app, 'One.template.json'), '{}');
  expect(await findTemplate({ app })).toBe(join(app, 'One.template.json'));
  await expect(findTemplate({ app, stack: 'Two' })).rejects.toThrow(`There is no stack Two in ${app}, which has One.`);
  await writeFile(join(app, 'Two.template.json'), '{}');
  await expect(findTemplate({ app })).rejects.toThrow(`Name the stack: ${app} has One, Two.`);
});

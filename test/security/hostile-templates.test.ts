import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { renderMappingTemplate } from 'aws-template-emulator';
import { hostileRuns, hostileSeed, text } from './hostile-texts.ts';

const read = (name: string): Promise<string> =>
  readFile(new URL(`../../infra/session-api/templates/${name}.vtl`, import.meta.url), 'utf8');

const templates = {
  session: await read('session'),
  create: await read('create-session'),
  notify: await read('notify'),
};

/** As API Gateway hands parameters to a template: decoded, but with the percent sign encoded. */
const encoded = (values: Readonly<Record<string, string>>): Record<string, string> => {
  const encode = (value: string) => value.replaceAll('%', '%25');
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [encode(name), encode(value)]));
};

/** What the machine is started with. */
const inputOf = (template: string, path: Record<string, string>, query: Record<string, string>, body: string) => {
  const rendered = renderMappingTemplate(template, { body, path: encoded(path), querystring: encoded(query) });
  const { input, ...rest } = JSON.parse(rendered) as { input: string };
  expect(rest).toEqual({ stateMachineArn: 'STATE_MACHINE_ARN' });
  return JSON.parse(input) as unknown;
};

const wellFormed = text.map((value) => value.toWellFormed());
const bodyText = wellFormed.filter((value) => value !== '' && value !== '{}');

test('every value reaches the machine as it was, and nothing beside it', () => {
  const property = fc.property(wellFormed, wellFormed, wellFormed, bodyText, (accountId, sessionId, value, body) => {
    const ids = { accountId, sessionId };
    expect(inputOf(templates.session, ids, {}, body)).toEqual({ ...ids, body });
    expect(inputOf(templates.create, { ...ids, userId: value }, { MessageRetentionPeriod: value }, body)).toEqual({
      ...ids,
      userId: value,
      messageRetentionPeriod: value,
      body,
    });
    const notify = inputOf(templates.notify, ids, { [value]: value }, body);
    expect(notify).toEqual({ notify: { ...ids, query: [[value, value]], body } });
  });
  fc.assert(property, { numRuns: hostileRuns, seed: hostileSeed() });
}, 600_000);

import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { renderMappingTemplate } from 'aws-template-emulator';
import * as z from 'zod/mini';
import { executionRequest, functionRequest } from '../../infra/session-api/templates.ts';
import { hostileRuns, hostileSeed, text } from './hostile-texts.ts';

const renderedSchema = z.looseObject({ input: z.string() });

const arn = 'arn:aws:states:us-east-1:000000000000:stateMachine:machine';
const template = executionRequest({ member: 'notify' }, arn);

/** As API Gateway hands parameters to a template: decoded, but with the percent sign encoded. */
const encoded = (values: Readonly<Record<string, string>>): Record<string, string> => {
  const encode = (value: string) => value.replaceAll('%', '%25');
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [encode(name), encode(value)]));
};

/** What the machine is started with. */
const inputOf = (path: Record<string, string>, query: Record<string, string>, body: string) => {
  const rendered = renderMappingTemplate(template, { body, path: encoded(path), querystring: encoded(query) });
  const { input, ...rest } = renderedSchema.parse(JSON.parse(rendered));
  expect(rest).toEqual({ stateMachineArn: arn });
  const parsed: unknown = JSON.parse(input);
  return parsed;
};

const wellFormed = text.map((value) => value.toWellFormed());
const bodyText = wellFormed.filter((value) => value !== '' && value !== '{}');

test('every value reaches the machine as it was, and nothing beside it', () => {
  const property = fc.property(wellFormed, wellFormed, wellFormed, bodyText, (accountId, sessionId, value, body) => {
    const ids = { accountId, sessionId, userId: value };
    expect(inputOf(ids, { [value]: value }, body)).toEqual({ notify: { ...ids, query: [[value, value]], body } });
  });
  fc.assert(property, { numRuns: hostileRuns, seed: hostileSeed() });
}, 600_000);

test('every value reaches the function as it was, and nothing beside it', () => {
  const property = fc.property(wellFormed, wellFormed, (value, body) => {
    const querystring = encoded({ [value]: value });
    const event: unknown = JSON.parse(renderMappingTemplate(functionRequest(), { body, querystring }));
    expect(event).toEqual({ query: [[value, value]], body });
  });
  fc.assert(property, { numRuns: hostileRuns, seed: hostileSeed() });
}, 600_000);

/** The deployed mapping templates in the real Apache Velocity: what they make is what the emulator makes, byte for byte. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { renderMappingTemplate, type MappingTemplateInput } from 'aws-template-emulator';
import * as z from 'zod/mini';
import { errors } from '../../client/shared/errors.ts';
import { synth } from '../infra/synth.ts';
import { hostileSeed, text } from '../security/hostile-texts.ts';
import { startVelocity, type Missing, type Rendered, type Version } from './velocity/engine.ts';

/** How many inputs each template gets of each kind. */
const runs = Number(process.env['VELOCITY_RUNS'] ?? 200);

const templatesSchema = z.optional(z.record(z.string(), z.string()));

const integrationSchema = z.object({
  RequestTemplates: templatesSchema,
  IntegrationResponses: z.array(z.object({ ResponseTemplates: templatesSchema })),
});

const templatesOf = async (allowedOrigins?: string) => {
  const { template } = await synth(allowedOrigins === undefined ? {} : { allowedOrigins });
  const integrations = template
    .ofType('AWS::ApiGateway::Method')
    .map(({ Properties }) => integrationSchema.parse(Properties['Integration']));
  return {
    requests: integrations.flatMap(({ RequestTemplates = {} }) => Object.values(RequestTemplates)),
    answers: integrations
      .flatMap(({ IntegrationResponses }) => IntegrationResponses)
      .flatMap(({ ResponseTemplates = {} }) => Object.values(ResponseTemplates)),
  };
};

const all = await Promise.all([templatesOf(), templatesOf('https://one.example,https://two.example')]);
const requestTemplates = [...new Set(all.flatMap(({ requests }) => requests))];
const answerTemplates = [...new Set(all.flatMap(({ answers }) => answers))];

const texts = text.map((value) => value.toWellFormed());
const parameters = fc.dictionary(texts, texts, { maxKeys: 3 });
const requests: fc.Arbitrary<MappingTemplateInput> = fc.record({
  path: parameters,
  querystring: parameters,
  body: fc.oneof(texts, fc.json(), fc.constantFrom('', '{}', 'x'.repeat(262_145))),
});

/** What a function of ours, another one, and Step Functions itself can give as the cause. */
const cause = fc.oneof(
  texts,
  fc.json(),
  fc
    .record({ error: fc.constantFrom(...Object.keys(errors)), message: texts, field: texts, limit: fc.integer() })
    .map((error) => JSON.stringify({ errorType: error.error, errorMessage: JSON.stringify(error), trace: [] })),
  texts.map((errorMessage) => JSON.stringify({ errorMessage })),
);
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const execution = fc.oneof(
  fc.record({ status: fc.constant('SUCCEEDED'), output: fc.oneof(texts, fc.json()) }),
  fc.record({
    status: optional(fc.constantFrom('FAILED', 'TIMED_OUT', '')),
    error: optional(fc.oneof(fc.constantFrom(...Object.keys(errors), 'States.Timeout', 'Sandbox.Timedout'), texts)),
    cause: optional(cause),
  }),
  fc.record({
    __type: fc.constantFrom('ValidationException', 'com.amazon#ThrottlingException', 'AccessDeniedException', ''),
    message: texts,
  }),
);
const origin = fc.constantFrom('https://one.example', 'https://two.example', 'https://evil.example', '');
const answers: fc.Arbitrary<MappingTemplateInput> = fc.tuple(execution, optional(origin)).map(([answer, from]) => ({
  body: JSON.stringify(answer),
  header: from === undefined ? {} : { origin: from },
}));

/** What the emulator makes, in the form that Velocity's process answers. */
const renderHere = (template: string, input: MappingTemplateInput): Rendered => {
  const responseOverride: { status?: number; header: Record<string, string> } = { header: {} };
  try {
    const output = renderMappingTemplate(template, { ...input, context: { responseOverride } });
    return { output, status: responseOverride.status ?? null, headers: responseOverride.header };
  } catch (error) {
    return { error: String(error) };
  }
};

/** Both fail, each in its own words, or both make the same. */
const outcome = (rendered: Rendered) => ('error' in rendered ? 'failed' : rendered);

interface Case {
  readonly kind: string;
  readonly version: Version;
  readonly missing: Missing;
  readonly templates: readonly string[];
  readonly inputs: fc.Arbitrary<MappingTemplateInput>;
}

const cases = (['1.7', '2.4'] as const).flatMap((version): readonly Case[] => [
  { kind: 'request', version, missing: null, templates: requestTemplates, inputs: requests },
  { kind: 'answer', version, missing: null, templates: answerTemplates, inputs: answers },
  { kind: 'answer', version, missing: '', templates: answerTemplates, inputs: answers },
]);

test('there are templates of every route', () => {
  expect(requestTemplates.length).toBeGreaterThanOrEqual(8);
  expect(answerTemplates.length).toBeGreaterThanOrEqual(2);
});

test.each(cases)(
  'Velocity $version makes the same of every $kind template, where a missing value is $missing',
  async ({ version, missing, templates, inputs }) => {
    await using velocity = startVelocity(version);
    const seed = hostileSeed();
    for (const template of templates) {
      const tried = fc.sample(inputs, { numRuns: runs, seed });
      const theirs = await velocity.render(template, tried, missing);
      for (const [index, input] of tried.entries()) {
        const here = outcome(renderHere(template, input));
        expect({ input, rendered: outcome(theirs[index] ?? { error: 'none' }) }).toEqual({ input, rendered: here });
      }
    }
  },
);

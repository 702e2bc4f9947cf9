import { inputVariable } from './input-variable.ts';
import { readMappingTemplate } from './mapping-template.ts';
import { utilVariable } from './util-variable.ts';

export interface MappingTemplateInput {
  /** `$input.body`, and what `$input.json` and `$input.path` read: a request's body or an integration's answer. Default empty. */
  readonly body?: string;
  /** The request's parameters, as `$input.params` gives them. Header names are in lower case. */
  readonly path?: Readonly<Record<string, string>>;
  readonly querystring?: Readonly<Record<string, string>>;
  readonly header?: Readonly<Record<string, string>>;
  /** `$context`. The template can set members of its `responseOverride`. */
  readonly context?: object;
}

/**
 * Renders a mapping template as the emulated API Gateway does: for tests of a template without a stack around it.
 * @throws Error when the template is not Velocity, or prints the source of a reference that has no value
 */
export const renderMappingTemplate = (template: string, input: MappingTemplateInput = {}): string => {
  const { body = '', path = {}, querystring = {}, header = {}, context = {} } = input;
  const parse = (): unknown => JSON.parse(body);
  return readMappingTemplate(template).render({
    input: inputVariable({ body, parse, path, querystring, header }),
    util: utilVariable,
    context,
  });
};

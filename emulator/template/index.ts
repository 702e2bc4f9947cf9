import type { Role } from '../access/role.ts';

export { supportedTypes } from './physical-ids.ts';

/** A resource of the template with everything in its properties resolved. */
export interface Resource {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** The value of Ref: a queue's URL, a role's name, a table's name. */
  readonly ref: string;
  /** The values of Fn::GetAtt, by attribute. */
  readonly attributes: Readonly<Record<string, string>>;
  /** The Metadata as written: where the CDK says which folder is a function's code. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface TemplateOptions {
  readonly accountId: string;
  readonly region: string;
  readonly stackName: string;
  /** Queue URLs begin with it. */
  readonly baseUrl: string;
  /** Values of the template's parameters; those left out have their defaults. */
  readonly parameters?: Readonly<Record<string, string>>;
}

export interface LoadedTemplate {
  readonly resources: ReadonlyMap<string, Resource>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly roles: readonly Role[];
  /** All resources of one type, in the template's order. */
  ofType(type: string): readonly Resource[];
}

/** Resolves a synthesized template. @throws TemplateError naming the resource and what is not supported in it. */
export type LoadTemplate = (template: unknown, options: TemplateOptions) => LoadedTemplate;

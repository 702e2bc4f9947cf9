import type { Role } from '../access/role.ts';

/** A resource of the template with everything in its properties resolved. */
export interface Resource {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** What Ref gives: a queue's URL, a role's name, a table's name. */
  readonly ref: string;
  /** What Fn::GetAtt gives, by attribute. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface TemplateOptions {
  readonly accountId: string;
  readonly region: string;
  readonly stackName: string;
  /** Queue URLs begin with it. */
  readonly baseUrl: string;
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

import * as z from 'zod/mini';
import type { TemplateObject } from 'aws-template-emulator';

const record = z.record(z.string(), z.unknown());

const resourceSchema = z.looseObject({
  DependsOn: z.optional(z.union([z.string(), z.array(z.string())])),
  Metadata: z.optional(z.looseObject({ 'aws:cdk:path': z.optional(z.string()) })),
});

const templateSchema = z.looseObject({
  Resources: z.record(z.string(), resourceSchema),
  Outputs: z.optional(record),
});

type Template = z.infer<typeof templateSchema>;
type Resource = z.infer<typeof resourceSchema>;

/** A template of the services alone, and the logical ids of what is left out. */
export interface ServicesOnly {
  readonly template: TemplateObject;
  readonly leftOut: readonly string[];
}

/** The texts in a value, those of Ref, Fn::GetAtt and Fn::Sub among them. */
const textsIn = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
};

/** The logical ids that a value names, or seems to name: one too many does no harm. */
const namedIn = (value: unknown, { Resources }: Template): readonly string[] =>
  textsIn(value)
    .flatMap((text) => [text, ...Array.from(text.matchAll(/\$\{(\w+)/g), ([, name = '']) => name)])
    .filter((name) => Object.hasOwn(Resources, name));

const pathOf = ({ Metadata }: Resource): string => Metadata?.['aws:cdk:path'] ?? '';

/** A service is known by its API: `AppStack/Push/SessionApi/…`. */
const servicePaths = ({ Resources }: Template): readonly string[] => [
  ...new Set(
    Object.values(Resources).flatMap((resource) => /^(.*\/)SessionApi\//.exec(pathOf(resource))?.slice(1) ?? []),
  ),
];

/**
 * What a synthesized stack has of services, with all that they use of the stack. Undefined when there is none, or nothing else; and when the
 * stack was synthesized without the paths of constructs.
 */
export const servicesOnly = (source: unknown): ServicesOnly | undefined => {
  const template = templateSchema.parse(source);
  const { Resources, Outputs = {} } = template;
  const paths = servicePaths(template);
  const kept = new Set(Object.keys(Resources).filter((id) => paths.some((path) => ofPath(Resources[id], path))));
  // What is added to a set while it is iterated over is visited too.
  for (const id of kept) for (const named of namedIn(Resources[id], template)) kept.add(named);
  const leftOut = Object.keys(Resources).filter((id) => !kept.has(id));
  if (kept.size === 0 || leftOut.length === 0) return undefined;
  const isKept = (value: unknown): boolean => namedIn(value, template).every((name) => kept.has(name));
  return {
    template: {
      ...template,
      Resources: Object.fromEntries(Object.entries(Resources).filter(([id]) => kept.has(id))),
      Outputs: Object.fromEntries(Object.entries(Outputs).filter(([, output]) => isKept(output))),
    },
    leftOut,
  };
};

const ofPath = (resource: Resource | undefined, path: string): boolean =>
  resource !== undefined && pathOf(resource).startsWith(path);

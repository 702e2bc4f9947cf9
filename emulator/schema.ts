import type { z } from 'zod/mini';

const problemOf = ({ issues: [issue] }: z.core.$ZodError): string => {
  if (!issue) return 'is not valid';
  const path = issue.path.length > 0 ? `${issue.path.join('.')} ` : '';
  const wanted = issue.code === 'invalid_type' ? ` ${issue.expected}` : ' of the documented form';
  return `${path}is missing or is not${wanted}`;
};

/**
 * Reads a value of unknown shape.
 * @param refuse makes the error from what is wrong, such as `Target.Arn is missing or is not string`
 */
export const readAs = <T>(schema: z.ZodMiniType<T>, value: unknown, refuse: (problem: string) => Error): T => {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw refuse(problemOf(result.error));
};

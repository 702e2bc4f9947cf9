import type { z } from 'zod/mini';
import { readAs } from '../schema.ts';
import type { Resource } from './index.ts';
import { TemplateError } from './template-error.ts';

/** The properties of a resource, as the schema has them. @throws TemplateError naming the resource and the property */
export const readProperties = <T>({ logicalId, properties }: Resource, schema: z.ZodMiniType<T>): T =>
  readAs(schema, properties, (problem) => new TemplateError(`${logicalId}: ${problem}`));

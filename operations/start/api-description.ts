import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { Site } from 'aws-template-emulator';
import { describeApi } from '../../infra/session-api/description/openapi.ts';

const packageSchema = z.object({ version: z.string() });

const packageFile = join(import.meta.dirname, '..', '..', 'package.json');

/** Answers the API's description, with the local service as the server that it names. */
export const apiDescription: Site = async (request) => {
  const { version } = packageSchema.parse(JSON.parse(await readFile(packageFile, 'utf8')));
  return Response.json(describeApi({ version, url: new URL(request.url).origin }));
};

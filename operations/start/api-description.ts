import type { Site } from 'aws-template-emulator';
import { describeApi } from '../../infra/session-api/description/openapi.ts';
import { version } from '../cli/version.ts';

/** Answers the API's description, with the local service as the server that it names. */
export const apiDescription: Site = (request) =>
  Promise.resolve(Response.json(describeApi({ version, url: new URL(request.url).origin })));

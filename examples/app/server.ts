/**
 * The example by itself, in front of a deployed stack: `npx node --conditions=@sqs-browser/source examples/app/server.ts`. API_URL and
 * EVENT_STREAM_NAME are the stack's outputs ApiUrl and EventStreamName, credentials come from where the AWS SDK looks for
 * them, and PORT is 8080 unless set. It listens on this machine alone: anybody may log in as anybody.
 */
import { BackendClient } from 'sqs-browser/backend';
import { createSite } from './site.ts';
import { listen } from './web-server.ts';

const { API_URL: apiUrl = '', EVENT_STREAM_NAME: streamName, PORT: port = '8080' } = process.env;

const start = async (): Promise<void> => {
  if (apiUrl === '') throw new Error("API_URL is missing: set it to the stack's output ApiUrl.");
  const { url } = await listen(createSite(new BackendClient({ apiUrl, streamName })), Number(port));
  console.log(`The example is ready at ${url}/example`);
};

try {
  await start();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

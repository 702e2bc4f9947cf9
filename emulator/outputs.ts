/** The URL of a stage of an API, which the emulator serves. https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-call-api.html */
const apiUrl = /^https:\/\/[a-z0-9]+\.execute-api\.[a-z0-9-]+\.amazonaws\.com\//;

/** The stack's outputs with the API's URL replaced by the emulator's own. */
export const emulatedOutputs = (
  outputs: Readonly<Record<string, string>>,
  baseUrl: string,
): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, value.replace(apiUrl, `${baseUrl}/`)]));

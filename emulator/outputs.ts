/** The URL of a stage of an API, which the emulator serves; the group is the API's id. https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-call-api.html */
const apiUrl = /^https:\/\/([a-z0-9]+)\.execute-api\.[a-z0-9-]+\.amazonaws\.com\//;

/** The stack's outputs with the APIs' URLs replaced by the emulator's own: the root, or a path for each of several. */
export const emulatedOutputs = (
  outputs: Readonly<Record<string, string>>,
  baseUrl: string,
  hasSeveralApis: boolean,
): Readonly<Record<string, string>> => {
  const base = hasSeveralApis ? `${baseUrl}/$1/` : `${baseUrl}/`;
  return Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, value.replace(apiUrl, base)]));
};

import type { Emulator } from 'aws-template-emulator';
import type { LocalServiceOutputs } from './local-services.ts';
import { localServices } from './local-services.ts';

interface WelcomeOptions {
  readonly apiAuth?: 'none' | 'iam';
  /** Where the state is kept. */
  readonly data?: string;
  readonly worstCase?: boolean;
  /** Whether the example application is served. */
  readonly hasExample?: boolean;
}

const byKinesis = (url: string, streamName: string): string => `
And this, after the first two lines, to send a message by Kinesis and receive it with the AWS CLI:

  export AWS_DEFAULT_REGION=us-east-1
  printf %s '{"accountId":12345,"sessionId":"abc","msg":"Hello by Kinesis"}' |
    AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local aws --endpoint-url ${url} kinesis put-record \\
      --stream-name ${streamName} --partition-key 12345 --data fileb:///dev/stdin
  AWS_ACCESS_KEY_ID=$(field accessKey) AWS_SECRET_ACCESS_KEY=$(field secretKey) AWS_SESSION_TOKEN=$(field sessionToken) \\
    aws --endpoint-url ${url} sqs receive-message --queue-url $(field sqsUrl) --wait-time-seconds 20
`;

/** Which services there are, where it matters: commands then want --construct. */
const list = (services: readonly LocalServiceOutputs[]): string => {
  const lines = services.map(({ construct, apiUrl }) => `  ${construct}: ${apiUrl}`);
  return services.length === 1
    ? ''
    : `
The stack has ${services.length} services; commands take one with --construct, and what follows is for ${services[0]?.construct}:

${lines.join('\n')}
`;
};

/**
 * What is printed below the ready line: commands to paste into a shell, with curl alone and with the AWS CLI (both its
 * versions: only from a file do they take a record's data alike).
 */
export const welcome = (
  { url, outputs }: Pick<Emulator, 'url' | 'outputs'>,
  { apiAuth = 'none', data, worstCase = false, hasExample = true }: WelcomeOptions = {},
): string => {
  const curl = apiAuth === 'iam' ? 'curl -s --aws-sigv4 aws:amz:us-east-1:execute-api --user local:local' : 'curl -s';
  const services = localServices({ url, outputs });
  const [{ apiUrl, streamName }] = services;
  return `${list(services)}
Paste this to create a session, send it a message by notify, and receive it with the session's own keys:

  session=$(${curl} ${apiUrl}/create/12345/abc)
  field() { printf %s "$session" | node -pe 'JSON.parse(require("fs").readFileSync(0))["'$1'"]'; }
  ${curl} ${apiUrl}/notify/12345 -H 'Content-Type: application/json' -d '{"msg":"Hello World"}'
  curl -s ${url} --aws-sigv4 aws:amz:us-east-1:sqs --user "$(field accessKey):$(field secretKey)" \\
    -H "X-Amz-Security-Token: $(field sessionToken)" -H 'X-Amz-Target: AmazonSQS.ReceiveMessage' \\
    -H 'Content-Type: application/x-amz-json-1.0' -d '{"QueueUrl":"'$(field sqsUrl)'","WaitTimeSeconds":20}'; echo
${streamName === undefined ? '' : byKinesis(url, streamName)}
Open ${url} in a browser to see every session, message and run: the console. ${hasExample ? `Or ${url}/example: an application that logs in, shows its events and sends some.` : ''}

${data === undefined ? 'Nothing is kept when it stops: start it with --data <folder> to keep it.' : `What happens is kept in ${data}.`} Keys local / local may do everything.${worstCase ? ' AWS is at its documented worst: a call that fails may succeed when it is made again.' : ''} Ctrl-C stops.
`;
};

import type { Emulator } from 'aws-template-emulator';

interface WelcomeOptions {
  readonly apiAuth?: 'none' | 'iam';
  /** Where the state is kept. */
  readonly data?: string;
  /** Whether the example application is served. */
  readonly hasExample?: boolean;
}

/**
 * What is printed below the ready line: commands to paste into a shell, with curl alone and with the AWS CLI (both its
 * versions: only from a file do they take a record's data alike).
 */
export const welcome = (
  { url, outputs }: Pick<Emulator, 'url' | 'outputs'>,
  { apiAuth = 'none', data, hasExample = true }: WelcomeOptions = {},
): string => {
  const api = apiAuth === 'iam' ? 'curl -s --aws-sigv4 aws:amz:us-east-1:execute-api --user local:local' : 'curl -s';
  return `
Paste this to create a session, send it a message by notify, and receive it with the session's own keys:

  session=$(${api} ${url}/create/12345/abc)
  field() { printf %s "$session" | node -pe 'JSON.parse(require("fs").readFileSync(0))["'$1'"]'; }
  ${api} ${url}/notify/12345 -H 'Content-Type: application/json' -d '{"msg":"Hello World"}'
  curl -s ${url} --aws-sigv4 aws:amz:us-east-1:sqs --user "$(field accessKey):$(field secretKey)" \\
    -H "X-Amz-Security-Token: $(field sessionToken)" -H 'X-Amz-Target: AmazonSQS.ReceiveMessage' \\
    -H 'Content-Type: application/x-amz-json-1.0' -d '{"QueueUrl":"'$(field sqsUrl)'","WaitTimeSeconds":20}'; echo

And this, after the first two lines, to send a message by Kinesis and receive it with the AWS CLI:

  export AWS_DEFAULT_REGION=us-east-1
  printf %s '{"accountId":12345,"sessionId":"abc","msg":"Hello by Kinesis"}' |
    AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local aws --endpoint-url ${url} kinesis put-record \\
      --stream-name ${outputs['EventStreamName'] ?? ''} --partition-key 12345 --data fileb:///dev/stdin
  AWS_ACCESS_KEY_ID=$(field accessKey) AWS_SECRET_ACCESS_KEY=$(field secretKey) AWS_SESSION_TOKEN=$(field sessionToken) \\
    aws --endpoint-url ${url} sqs receive-message --queue-url $(field sqsUrl) --wait-time-seconds 20

Open ${url} in a browser to see every session, message and run: the console. ${hasExample ? `Or ${url}/example: an application that logs in, shows its events and sends some.` : ''}

${data === undefined ? 'Nothing is kept when it stops: start it with --data <folder> to keep it.' : `What happens is kept in ${data}.`} Keys local / local may do everything. Ctrl-C stops.
`;
};

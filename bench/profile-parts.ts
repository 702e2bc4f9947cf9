/** The parts of the emulator's work, by what is on the stack: names of functions and files. The first part that matches counts. */
const parts: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['garbage collection', /\(garbage collector\)/],
  ['writing to sockets', /writeUtf8String|handleWriteReq|writeGeneric/],
  ['loading and starting', /executeUserEntryPoint|esm\/loader|synthesis/],
  ['verifying signatures', /access\/signature\//],
  ['evaluating policies', /access\/(authorizer|policy)/],
  ['DynamoDB', /emulator\/dynamodb|dynalite/],
  ['SQS', /emulator\/sqs/],
  ['Step Functions', /emulator\/step-functions/],
  ['Kinesis', /emulator\/kinesis/],
  ['handing events to the functions', /postMessage|lambda\/function-thread/],
  ['API Gateway', /api-gateway|velocity/],
  ['reading requests', /parserOn|_http_incoming|incoming-request|readParameters/],
  ['writing answers', /_http_outgoing|_http_server/],
];

/** The part of the work that a stack belongs to. @param stack names of functions and their files, a frame a line */
export const partOf = (stack: string): string =>
  parts.find(([, pattern]) => pattern.test(stack))?.[0] ?? 'everything else';

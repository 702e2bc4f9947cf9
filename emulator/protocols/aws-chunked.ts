import { AwsError } from '../service.ts';

const malformed = () => new AwsError('InvalidRequest', 'The body is not encoded as aws-chunked says');

/**
 * The content of a body that an S3 client sent in chunks with a trailing checksum.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export const decodeChunks = (body: Buffer): Buffer => {
  const chunks: Buffer[] = [];
  let position = 0;
  for (;;) {
    const lineEnd = body.indexOf('\r\n', position);
    if (lineEnd < 0) throw malformed();
    const size = /^[0-9a-f]+/i.exec(body.toString('latin1', position, lineEnd))?.[0];
    if (size === undefined) throw malformed();
    const length = Number.parseInt(size, 16);
    if (length === 0) return Buffer.concat(chunks);
    const start = lineEnd + 2;
    if (start + length > body.length) throw malformed();
    chunks.push(body.subarray(start, start + length));
    position = start + length + 2;
  }
};

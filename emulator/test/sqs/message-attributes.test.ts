import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { md5OfAttributes } from '../../sqs/message-attributes.ts';

const framed = (text: string | Buffer) => {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes]);
};

test('digests attributes by name: length and bytes of name and type, kind, length and bytes of the value', () => {
  const digest = md5OfAttributes({
    b: { DataType: 'Binary', BinaryValue: Buffer.from([0, 255]).toString('base64') },
    a: { DataType: 'String', StringValue: 'é' },
  });
  const parts = [framed('a'), framed('String'), Buffer.of(1), framed('é')];
  const bytes = Buffer.concat([...parts, framed('b'), framed('Binary'), Buffer.of(2), framed(Buffer.from([0, 255]))]);
  expect(digest).toBe(createHash('md5').update(bytes).digest('hex'));
});

test('digests a known attribute as AWS does', () => {
  const attributes = { timestamp: { DataType: 'Number', StringValue: '1493147359900' } };
  expect(md5OfAttributes(attributes)).toBe('235c5c510d26fb653d073faed50ae77c');
});

import { createHash, createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { AwsV4Signer } from 'aws4fetch';
import fc from 'fast-check';
import { hex, hmac, sha256, sha256Hex, utf8 } from '../../../client/browser/sha256.ts';
import { authorization } from '../../../client/browser/sign.ts';

describe('the digest', () => {
  test('is that of the published examples', () => {
    expect(sha256Hex('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  test('agrees with another implementation at every length', () => {
    for (let length = 0; length < 200; length++) {
      const bytes = new Uint8Array(length).map((_, index) => (index * 7 + length) % 256);
      expect(hex(sha256(bytes))).toBe(createHash('sha256').update(bytes).digest('hex'));
    }
  });

  test('takes a text as UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(sha256Hex(text)).toBe(createHash('sha256').update(text).digest('hex'));
      }),
    );
  });
});

describe('the keyed digest', () => {
  test('is that of RFC 4231', () => {
    const mac = hex(hmac(utf8('Jefe'), 'what do ya want for nothing?'));
    expect(mac).toBe('5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843');
  });

  test('agrees with another implementation for keys short and long', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 150 }), fc.string(), (key, text) => {
        expect(hex(hmac(key, text))).toBe(createHmac('sha256', key).update(text).digest('hex'));
      }),
    );
  });
});

describe('the signature', () => {
  test('agrees with another signer', async () => {
    const word = fc.stringMatching(/^[A-Za-z0-9/+=]{1,60}$/);
    await fc.assert(
      fc.asyncProperty(word, word, word, fc.string(), async (accessKey, secretKey, sessionToken, body) => {
        const headers = {
          'content-type': 'application/x-amz-json-1.0',
          host: 'sqs.eu-west-1.amazonaws.com',
          'x-amz-date': '20261124T000000Z',
          'x-amz-security-token': sessionToken,
          'x-amz-target': 'AmazonSQS.ReceiveMessage',
        };
        const { host, ...others } = headers;
        const signer = new AwsV4Signer({
          ...{ method: 'POST', url: `https://${host}/`, headers: others, body, allHeaders: true },
          ...{ accessKeyId: accessKey, secretAccessKey: secretKey, service: 'sqs', region: 'eu-west-1' },
          datetime: '20261124T000000Z',
        });
        const keys = { accessKey, secretKey, sessionToken };
        expect(authorization(headers, body, 'eu-west-1', keys)).toBe(await signer.authHeader());
      }),
    );
  });
});

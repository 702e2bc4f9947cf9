/**
 * SHA-256 and HMAC-SHA-256 without promises. WebCrypto would do, but it only answers in a later turn, and a page that is
 * being closed has no later turn: what it did not handle could not be given back. It also works on pages that are not a
 * secure context, where `crypto.subtle` is missing. FIPS 180-4 and RFC 2104.
 */

/** The first 32 bits of the fractional part of a root; what lies beyond, and the whole part, fall off. */
const rootOf =
  (power: number) =>
  (value: number): number =>
    (value ** power * 2 ** 32) | 0;

const primes: number[] = [];
for (let candidate = 2; primes.length < 64; candidate++) {
  if (primes.every((prime) => candidate % prime)) primes.push(candidate);
}
const constants = primes.map(rootOf(1 / 3));
const start = primes.slice(0, 8).map(rootOf(1 / 2));

const turned = (word: number, by: number): number => (word >>> by) | (word << -by);

/** The digest of the bytes, 32 bytes. A plain loop over words: a call of SQS hashes some kilobytes. */
export const sha256 = (bytes: Uint8Array): Uint8Array => {
  const padded = new Uint8Array(((bytes.length + 72) >> 6) << 6);
  const words = new DataView(padded.buffer);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  words.setUint32(padded.length - 4, bytes.length * 8);

  let digest = start;
  for (let block = 0; block < padded.length; block += 64) {
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = digest;
    const schedule = new Int32Array(64);
    let round = 0;
    for (const constant of constants) {
      let word: number;
      if (round < 16) {
        word = words.getInt32(block + round * 4);
      } else {
        const back = (distance: number): number => schedule[round - distance] ?? 0;
        const early = turned(back(15), 7) ^ turned(back(15), 18) ^ (back(15) >>> 3);
        const late = turned(back(2), 17) ^ turned(back(2), 19) ^ (back(2) >>> 10);
        word = (back(16) + early + back(7) + late) | 0;
      }
      schedule[round++] = word;
      const first = h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + ((e & f) ^ (~e & g)) + constant + word;
      const second = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
      h = g;
      g = f;
      f = e;
      e = (d + first) | 0;
      d = c;
      c = b;
      b = a;
      a = (first + second) | 0;
    }
    const before = digest;
    digest = [a, b, c, d, e, f, g, h].map((value, index) => (value + (before[index] ?? 0)) | 0);
  }
  digest.forEach((value, index) => {
    words.setInt32(index * 4, value);
  });
  return padded.subarray(0, 32);
};

const encoder = new TextEncoder();

export const utf8 = (text: string): Uint8Array => encoder.encode(text);

export const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => (256 + byte).toString(16).slice(1)).join('');

/** The digest of a text's UTF-8 bytes, in hexadecimal. */
export const sha256Hex = (text: string): string => hex(sha256(utf8(text)));

/** HMAC-SHA-256 of a text. */
export const hmac = (key: Uint8Array, text: string): Uint8Array => {
  const short = key.length > 64 ? sha256(key) : key;
  const hash = (mask: number, bytes: Uint8Array): Uint8Array => {
    const block = new Uint8Array(64 + bytes.length).fill(mask, 0, 64);
    short.forEach((byte, index) => (block[index] = byte ^ mask));
    block.set(bytes, 64);
    return sha256(block);
  };
  return hash(0x5c, hash(0x36, utf8(text)));
};

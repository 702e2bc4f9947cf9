import fc from 'fast-check';

/** How many inputs are tried: `HOSTILE_RUNS`, 400 unless given. */
export const hostileRuns = Number(process.env['HOSTILE_RUNS'] ?? 400);

/** `HOSTILE_SEED`, else a new one; printed, so that what was found can be found again. */
export const hostileSeed = (): number => {
  const seed = Number(process.env['HOSTILE_SEED'] ?? Date.now() % 2 ** 31);
  process.stdout.write(`HOSTILE_SEED=${seed}\n`);
  return seed;
};

const corpus = [
  ...['"', "'", '\\', '\\"', '@@', '$util.escapeJavaScript("x")', '#set($a = 1)', '#end', '$input.body', '##', '#*'],
  ...[
    '\r\n',
    '\u0000',
    '\u001f\u007f',
    '\u{1f600}',
    '\u202egnp',
    '\ufffe\uffff',
    '\ufeff',
    '\u2028',
    '%',
    '%25',
    '%2F',
  ],
  ...[
    '","accountId":2,"x":"',
    '\\","accountId\\":2,\\"x\\":\\"',
    '{"accountId":2}',
    '../2/a',
    '/',
    '?',
    '#',
    '..',
    '.',
  ],
  ...['__proto__', 'constructor', '1e400', '1e3', '9007199254740993', '-0', '01', '', ' ', 'null', 'true', '</script>'],
  ...['a'.repeat(255), 'b'.repeat(256), 'c'.repeat(3000), '\u{1f600}'.repeat(128), '${jndi:x}', 'a+b', 'a;b', 'a&b=c'],
];
const piece = fc.oneof(fc.constantFrom(...corpus), fc.string({ unit: 'binary', maxLength: 20 }));
/** Texts that break what puts texts together. */
export const text = fc.oneof(
  fc.constantFrom(...corpus),
  fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join('')),
);

/** Says what failed and how to see it again; the whole of a batch of inputs would be pages. */
const report = ({ failed, seed, errorInstance: cause }: Outcome): void => {
  if (failed) throw new Error(`HOSTILE_SEED=${seed}`, { cause });
};

type Outcome = Pick<fc.RunDetails<unknown>, 'failed' | 'seed' | 'errorInstance'>;

/** Tries the property with `inputs` inputs, so many at once. */
export const tryHostile = <T>(
  input: fc.Arbitrary<T>,
  { inputs, atOnce }: { readonly inputs: number; readonly atOnce: number },
  check: (batch: readonly T[]) => Promise<void>,
): Promise<void> => {
  const batch = fc.array(input, { minLength: atOnce, maxLength: atOnce });
  const settings = { numRuns: Math.ceil(inputs / atOnce), seed: hostileSeed(), endOnFailure: true };
  return Promise.resolve(
    fc.assert(fc.asyncProperty(batch, check), {
      ...settings,
      asyncReporter: async (details) => {
        await Promise.resolve();
        report(details);
      },
    }),
  );
};

import { InvalidArgumentError, Option } from 'commander';

const units: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `90s`, `15m`, `2h` or `1d` as milliseconds. @throws InvalidArgumentError */
export const duration = (text: string): number => {
  const [, digits, unit = ''] = /^(\d+)([smhd])$/.exec(text) ?? [];
  if (digits === undefined)
    throw new InvalidArgumentError('It must be a number and a unit, such as 90s, 15m, 2h or 1d.');
  return Number(digits) * (units[unit] ?? 0);
};

/** `--since`, which help shows with its default as people write it. @param byDefault such as `1h` */
export const sinceOption = (what: string, byDefault: string): Option =>
  new Option('--since <duration>', `${what}, such as 15m, 2h or 1d`)
    .argParser(duration)
    .default(duration(byDefault), byDefault);

/** An account's or a user's id. @throws InvalidArgumentError */
export const id = (text: string): number => {
  const value = /^-?\d+$/.test(text) ? Number(text) : NaN;
  if (Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError('It must be an integer, such as 12345.');
};

/** A number of something, at least 1. @throws InvalidArgumentError */
export const count = (text: string): number => {
  const value = /^\d+$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= 1_000_000) return value;
  throw new InvalidArgumentError('It must be a number from 1 to 1000000.');
};

/** A port, 0 for a free one. @throws InvalidArgumentError */
export const port = (text: string): number => {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (value <= 65_535) return value;
  throw new InvalidArgumentError('It must be a number from 0 to 65535 (0 picks a free port).');
};

/** A JSON object's text. @throws InvalidArgumentError */
export const jsonObject = (text: string): string => {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return text;
  } catch {
    // Said below.
  }
  throw new InvalidArgumentError(`It must be a JSON object, such as '{"msg":"Hello"}'.`);
};

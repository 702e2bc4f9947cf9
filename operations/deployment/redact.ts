/** The names of members whose values are keys, without regard to case and signs. Their values are never shown. */
const secretName =
  /^(accessKey|accessKeyId|secretKey|secretAccessKey|sessionToken|token|openIdToken|webIdentityToken)$/i;

const redacted = '(redacted)';

/** The value with every key in it replaced, at any depth, also in texts that are JSON themselves. */
export const redact = (value: unknown): unknown => {
  if (typeof value === 'string') return redactText(value);
  if (Array.isArray(value)) return value.map(redact);
  if (typeof value !== 'object' || value === null) return value;
  return redactMembers(value);
};

/** The members of an event's details without the values of its keys. */
export const redactMembers = (members: object): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(members).map(([name, member]) => [name, secretName.test(name) ? redacted : redact(member)]),
  );

const redactText = (text: string): string => {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.stringify(redact(JSON.parse(text)));
  } catch {
    return text;
  }
};

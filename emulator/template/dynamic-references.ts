import { createHash } from 'node:crypto';
import type { JsonObject } from '../values.ts';
import { isList, isObject } from '../values.ts';
import { optionalObjectAt, TemplateError } from './template-error.ts';

/**
 * `{{resolve:secretsmanager:<ARN>:SecretString:::}}`, with an ARN of a secret, and neither a key in its JSON, a stage nor a version.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html
 */
const secretReference = /\{\{resolve:secretsmanager:(arn:[^{}]+?):SecretString:*\}\}/g;

/**
 * Puts values in place of the dynamic references in a resource's properties.
 * @param secret the value of the secret with this ARN
 * @throws TemplateError for other dynamic references than those to the whole of a secret
 */
export const resolveReferences = (value: unknown, secret: (arn: string) => string, location: string): unknown => {
  if (isList(value)) return value.map((item, index) => resolveReferences(item, secret, `${location}[${index}]`));
  if (isObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [name, resolveReferences(member, secret, `${location}.${name}`)]),
    );
  }
  if (typeof value !== 'string' || !value.includes('{{resolve:')) return value;
  const resolved = value.replaceAll(secretReference, (_, arn: string) => secret(arn));
  if (resolved.includes('{{resolve:')) throw new TemplateError(`${location}: a dynamic reference is not supported`);
  return resolved;
};

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/**
 * The value of a secret: as the template has it, else 32 letters and digits unless it says how many. Punctuation is left out, which
 * GenerateSecretString would allow. Like generated names it is the same in every run, so that it fits the state that an earlier run has kept.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-secretsmanager-secret-generatesecretstring.html
 */
export const secretValue = (properties: JsonObject, stackName: string, logicalId: string): string => {
  const { SecretString: given, GenerateSecretString } = properties;
  if (typeof given === 'string') return given;
  const { PasswordLength: length = 32, ...others } = optionalObjectAt(GenerateSecretString, logicalId);
  const unknown = Object.keys(others).find((name) => name !== 'ExcludePunctuation');
  if (unknown !== undefined) {
    throw new TemplateError(`${logicalId}: GenerateSecretString with ${unknown} is not supported`);
  }
  const digest = createHash('shake256', { outputLength: Number(length) })
    .update(`${stackName}\n${logicalId}`)
    .digest();
  return Array.from(digest, (byte) => letters[byte % letters.length]).join('');
};

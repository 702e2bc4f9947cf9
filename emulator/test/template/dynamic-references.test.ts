import { describe, expect, test } from '@jest/globals';
import { resolveReferences, secretValue } from '../../template/dynamic-references.ts';

const arn = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:one-a1b2c3';
const resolve = (value: unknown) => resolveReferences(value, (name) => `value of ${name}`, 'Function');

describe('a dynamic reference', () => {
  test('to a secret becomes its value, wherever it stands', () => {
    const reference = `{{resolve:secretsmanager:${arn}:SecretString:::}}`;
    expect(resolve({ Variables: [{ A: `<${reference}>`, B: 1 }] })).toEqual({
      Variables: [{ A: `<value of ${arn}>`, B: 1 }],
    });
    expect(resolve(reference.replace(':::', ''))).toBe(`value of ${arn}`);
  });

  test.each([
    `{{resolve:secretsmanager:${arn}:SecretString:password::}}`,
    '{{resolve:ssm:name}}',
    '{{resolve:ssm-secure:name:1}}',
  ])('%s is refused', (reference) => {
    expect(() => resolve({ A: reference })).toThrow('Function.A: a dynamic reference is not supported');
  });
});

describe('the value of a secret', () => {
  test('is the one that the template gives', () => {
    expect(secretValue({ SecretString: 'given' }, 'stack', 'S')).toBe('given');
  });

  test('is letters and digits, 32 unless it says otherwise, the same in every run and another for another secret', () => {
    expect(secretValue({}, 'stack', 'S')).toMatch(/^[A-Za-z0-9]{32}$/);
    expect(secretValue({}, 'stack', 'S')).toBe(secretValue({}, 'stack', 'S'));
    expect(secretValue({}, 'stack', 'S')).not.toBe(secretValue({}, 'stack', 'T'));
    const long = { GenerateSecretString: { PasswordLength: 64, ExcludePunctuation: true } };
    expect(secretValue(long, 'stack', 'S')).toHaveLength(64);
  });

  test('is refused with what the emulator does not generate', () => {
    const properties = { GenerateSecretString: { SecretStringTemplate: '{}' } };
    expect(() => secretValue(properties, 'stack', 'S')).toThrow('S: GenerateSecretString with SecretStringTemplate');
  });
});

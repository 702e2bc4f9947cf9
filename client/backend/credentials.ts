import { NoCredentials } from './errors.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  /** When they stop working; without it they are kept until they are refused. */
  readonly expiration?: Date | undefined;
}

/** Gets keys; the AWS SDK's credential providers are such functions. */
export type CredentialProvider = () => Promise<Credentials>;

/** How long before they expire keys are got anew, milliseconds. */
const margin = 5 * 60_000;

export interface CredentialKeeper {
  /** @throws NoCredentials */
  get(): Promise<Credentials>;
  /** The keys were refused: the next call gets others. */
  forget(): void;
}

/** The AWS SDK's chain is loaded when it is needed, and remembers by itself. */
const defaultChain: CredentialProvider = async () => {
  const { defaultProvider } = await import('@aws-sdk/credential-provider-node');
  return await defaultProvider()();
};

/** Asks a provider once at a time, and only when the keys are missing or about to expire. */
export const keepCredentials = (
  given: Credentials | CredentialProvider = defaultChain,
  now: () => number,
): CredentialKeeper => {
  if (typeof given !== 'function') return { get: () => Promise.resolve(given), forget: () => undefined };
  let current: Promise<Credentials> | undefined;
  let expires = Infinity;

  const ask = async (): Promise<Credentials> => {
    try {
      const credentials = await given();
      expires = credentials.expiration?.getTime() ?? Infinity;
      return credentials;
    } catch (error) {
      current = undefined;
      throw new NoCredentials(error);
    }
  };

  return {
    get: () => {
      if (expires - margin <= now()) {
        current = undefined;
        // Keys that come with less left are used as they are, and asked for again with the next call.
        expires = Infinity;
      }
      return (current ??= ask());
    },
    forget: () => {
      current = undefined;
    },
  };
};

import { NoCredentials } from './errors.ts';

/** AWS credentials, in the shape that the AWS SDK for JavaScript uses. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  /** When they expire. Without it they are used until AWS refuses them. */
  readonly expiration?: Date | undefined;
}

/** Returns credentials; every credential provider of the AWS SDK for JavaScript is such a function. */
export type CredentialProvider = () => Promise<Credentials>;

/** How long before they expire credentials are replaced, milliseconds. */
const expiryWindow = 5 * 60_000;

export interface CredentialCache {
  /** @throws NoCredentials */
  get(): Promise<Credentials>;
  /**
   * Asks the provider again, because AWS refused these credentials.
   * @returns whether there are others now
   * @throws NoCredentials
   */
  replace(refused: Credentials): Promise<boolean>;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** https://docs.aws.amazon.com/sdkref/latest/guide/environment-variables.html */
const fromEnvironment = (variables: Variables): Credentials | undefined => {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = variables;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) return undefined;
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
  };
};

/**
 * The AWS SDK's default chain, an optional dependency that is loaded with the first call that needs it. Where it is not installed, the
 * environment variables that it reads first.
 */
export const defaultCredentials =
  (variables: Variables): CredentialProvider =>
  async () => {
    const chain = await import('@aws-sdk/credential-provider-node').catch((error: unknown) => ({ error }));
    if ('defaultProvider' in chain) return await chain.defaultProvider()();
    const found = fromEnvironment(variables);
    if (found) return found;
    const where =
      'neither AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY is set, nor the AWS SDK’s credential providers are installed';
    const remedy = 'set them, install @aws-sdk/credential-provider-node, or give the option credentials';
    throw new Error(`${where}: ${remedy}`, { cause: chain.error });
  };

const isSame = (a: Credentials, b: Credentials): boolean =>
  a.accessKeyId === b.accessKeyId && a.secretAccessKey === b.secretAccessKey && a.sessionToken === b.sessionToken;

/** Asks the provider once for calls at the same time, and only when there are no credentials or they are about to expire. */
export const cacheCredentials = (given: Credentials | CredentialProvider, now: () => number): CredentialCache => {
  if (typeof given !== 'function') return { get: () => Promise.resolve(given), replace: () => Promise.resolve(false) };
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

  const get = (): Promise<Credentials> => {
    if (expires - expiryWindow <= now()) {
      current = undefined;
      // Credentials that are already within the window are used once; the next call asks again.
      expires = Infinity;
    }
    return (current ??= ask());
  };

  return {
    get,
    replace: async (refused) => {
      const known = get();
      // Another call may have replaced them meanwhile.
      if (isSame(await known, refused) && current === known) current = undefined;
      return !isSame(await get(), refused);
    },
  };
};

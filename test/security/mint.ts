import { CognitoIdentityClient, GetOpenIdTokenCommand } from '@aws-sdk/client-cognito-identity';
import { AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Emulator } from 'aws-template-emulator';
import { clientOptions } from '../tools/worst-case.ts';

/** What a client signs with. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** How an SDK client is made that signs with these credentials, by the emulator's clock, and tries once. */
export const settingsOf = ({ url, clock }: Emulator, credentials: Credentials) => ({
  endpoint: url,
  region: 'us-east-1',
  ...clientOptions(clock),
  credentials,
});

/** Public calls need no credentials, but the SDK wants some. */
export const nobody: Credentials = { accessKeyId: 'none', secretAccessKey: 'none' };

/**
 * What everybody can do who knows an identity's id and a session name: two public calls that end in credentials of the browser
 * role. @throws what Cognito or STS refuse it with
 */
export const mintCredentials = async (
  emulator: Emulator,
  { identityId, sessionName }: { readonly identityId: string; readonly sessionName: string },
): Promise<Credentials & { readonly sessionToken: string }> => {
  const settings = settingsOf(emulator, nobody);
  const token = await new CognitoIdentityClient(settings).send(new GetOpenIdTokenCommand({ IdentityId: identityId }));
  const { Credentials: issued } = await new STSClient(settings).send(
    new AssumeRoleWithWebIdentityCommand({
      RoleArn: emulator.outputs['BrowserRoleArn'],
      RoleSessionName: sessionName,
      WebIdentityToken: token.Token,
    }),
  );
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = issued ?? {};
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
};

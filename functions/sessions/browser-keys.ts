import { AssumeRoleWithWebIdentityCommand, type STSClient } from '@aws-sdk/client-sts';
import { present, settle } from '../aws/aws-errors.ts';
import type { Keys } from './session-record.ts';

/** Whom keys are for, what they may open, and for how long. */
export interface KeyRequest {
  readonly roleArn: string;
  readonly sessionName: string;
  /** From Cognito's GetOpenIdToken. */
  readonly token: string;
  /** A session policy, at most 2048 characters. */
  readonly policy: string;
  /** 900 to 43,200 seconds, and no more than the role's MaxSessionDuration (AssumeRoleWithWebIdentity). */
  readonly duration: number;
}

/** Issues temporary keys of the browser role. */
export const issueKeys = async (
  client: STSClient,
  { roleArn, sessionName, token, policy, duration }: KeyRequest,
): Promise<Keys> => {
  const call = 'sts:AssumeRoleWithWebIdentity';
  const command = new AssumeRoleWithWebIdentityCommand({
    RoleArn: roleArn,
    RoleSessionName: sessionName,
    WebIdentityToken: token,
    Policy: policy,
    DurationSeconds: duration,
  });
  const credentials = present(call, (await settle(call, client.send(command))).Credentials);
  return {
    accessKey: present(call, credentials.AccessKeyId),
    secretKey: present(call, credentials.SecretAccessKey),
    sessionToken: present(call, credentials.SessionToken),
    expires: Math.floor(present(call, credentials.Expiration).getTime() / 1000),
  };
};

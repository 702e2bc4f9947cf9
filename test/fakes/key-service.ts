import { Readable } from 'node:stream';
import { STSClient } from '@aws-sdk/client-sts';

/** An AssumeRoleWithWebIdentity call, as its form has it. */
export type KeyCall = Readonly<Record<string, string>>;

/** STS, which speaks XML; its answers go straight to the SDK's client. */
export class KeyServiceFake {
  readonly calls: KeyCall[] = [];
  /** Makes calls fail with this code and status. */
  failure: { readonly code: string; readonly status: number } | undefined;
  readonly client: STSClient;

  /** @param now epoch milliseconds */
  constructor(now: () => number) {
    const handle = async (request: { readonly body?: unknown }) => {
      const call = Object.fromEntries(new URLSearchParams(String(request.body)));
      this.calls.push(call);
      const [statusCode, body] = this.failure
        ? [this.failure.status, errorXml(this.failure.code)]
        : [200, keysXml(this.calls.length, now() + Number(call['DurationSeconds']) * 1000)];
      const headers = { 'content-type': 'text/xml' };
      return Promise.resolve({ response: { statusCode, headers, body: Readable.from([Buffer.from(body)]) } });
    };
    this.client = new STSClient({
      region: 'eu-west-1',
      maxAttempts: 1,
      credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' },
      requestHandler: { handle } as never,
    });
  }
}

const keysXml = (
  number: number,
  expires: number,
): string => `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
    <AssumeRoleWithWebIdentityResult><Credentials>
      <AccessKeyId>ASIAKEY${number}</AccessKeyId><SecretAccessKey>secret ${number}</SecretAccessKey>
      <SessionToken>token ${number}</SessionToken><Expiration>${new Date(expires).toISOString()}</Expiration>
    </Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`;

const errorXml = (
  code: string,
): string => `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>
    <Code>${code}</Code><Message>no</Message></Error><RequestId>1</RequestId></ErrorResponse>`;

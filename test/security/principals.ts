import { CognitoIdentityClient, GetIdCommand, GetOpenIdTokenCommand } from '@aws-sdk/client-cognito-identity';
import { AssumeRoleWithWebIdentityCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Emulator } from 'aws-template-emulator';
import { testRoleSession } from '../recording/test-role-session.ts';
import type { Session } from '../../client/shared/session.ts';
import type { World } from '../lifecycle/world.ts';

/** What a client signs with; undefined where it signs nothing. */
export type Keys =
  { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken: string } | undefined;

export interface Stage {
  /** By what they are called in the table. */
  readonly principals: ReadonlyMap<string, Keys>;
  readonly a: Session;
  readonly b: Session;
  /** Its session is no more, nor is its queue. */
  readonly destroyed: Session;
}

const region = 'us-east-1';
const hour = 3_600_000;

const keysOf = ({ accessKey, secretKey, sessionToken }: Session): NonNullable<Keys> => ({
  accessKeyId: accessKey,
  secretAccessKey: secretKey,
  sessionToken,
});

/** Public calls need no keys, but the SDK wants some. */
const publicSettings = ({ url, clock }: Emulator) => ({
  endpoint: url,
  region,
  systemClockOffset: clock.now() - Date.now(),
  credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
});

/** What anybody can do who knows the pool's id and the role: be a guest, and assume the role under a name of his choice. */
const guestKeys = async (
  runtime: Emulator,
  guest: { readonly identityId?: string; readonly sessionName: string },
): Promise<Keys> => {
  const cognito = new CognitoIdentityClient(publicSettings(runtime));
  const IdentityPoolId = runtime.outputs['IdentityPoolId'];
  const IdentityId = guest.identityId ?? (await cognito.send(new GetIdCommand({ IdentityPoolId }))).IdentityId;
  const { Token: WebIdentityToken } = await cognito.send(new GetOpenIdTokenCommand({ IdentityId }));
  const { Credentials: keys } = await new STSClient(publicSettings(runtime)).send(
    new AssumeRoleWithWebIdentityCommand({
      RoleArn: runtime.outputs['BrowserRoleArn'],
      RoleSessionName: guest.sessionName,
      WebIdentityToken,
    }),
  );
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = keys ?? {};
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
};

/** The name behind a session's keys, as whoever holds them can learn it. */
const sessionNameOf = async (runtime: Emulator, session: Session): Promise<string> => {
  const sts = new STSClient({ ...publicSettings(runtime), credentials: keysOf(session) });
  const { Arn = '' } = await sts.send(new GetCallerIdentityCommand({}));
  return Arn.slice(Arn.lastIndexOf('/') + 1);
};

/** The construct a role belongs to, `MakeQueue`, from a name that may have been cut: long names are. */
const roleLabel = (name: string): string => {
  const [construct = ''] = name.replace(/^sqs-browser-dev-/, '').split(/Rol(?:e|-)|-/);
  const own = construct.replace(/^(?:SessionWorkflows|(?:Cleanup|Dispatch)Workflow(?!Machine))/, '');
  return own.replace(/Workf(?:l|lo|low|lowMachine)?$/, ' machine');
};

const rolesKeys = (emulator: Emulator): [string, Keys][] =>
  emulator.access.roles.map(({ name }) => [roleLabel(name), emulator.issueCredentials(name, testRoleSession)]);

const guests = async (runtime: Emulator, a: Session): Promise<[string, Keys][]> => {
  const sessionName = await sessionNameOf(runtime, a);
  const { identityId } = a;
  return [
    ["guest with A's session name", await guestKeys(runtime, { sessionName })],
    ['guest with a name of his own', await guestKeys(runtime, { sessionName: 'browser' })],
    ["guest with A's identity id and another name", await guestKeys(runtime, { identityId, sessionName: 'browser' })],
    ["guest with A's identity id and session name", await guestKeys(runtime, { identityId, sessionName })],
  ];
};

const altered = (token: string): string => (token.startsWith('A') ? 'B' : 'A') + token.slice(1);

/** Makes everybody who may try something; the clock moves past the life of keys on the way. */
export const gather = async (world: World): Promise<Stage> => {
  const { runtime } = world;
  const expired = await world.create(1, 'expired');
  runtime.clock.advance(5 * hour);
  const replaced = await world.create(1, 'a');
  const a = await world.create(1, 'a');
  const b = await world.create(1, 'b');
  const destroyed = await world.create(1, 'destroyed');
  await world.call('/destroy/1/destroyed');
  const tampered = { ...keysOf(a), sessionToken: altered(a.sessionToken) };
  const principals = new Map<string, Keys>([
    ["A's keys", keysOf(a)],
    ["B's keys", keysOf(b)],
    ["A's keys before a refresh", keysOf(replaced)],
    ['keys of a destroyed session', keysOf(destroyed)],
    ['expired keys', keysOf(expired)],
    ["A's keys with a tampered token", tampered],
    ["A's keys with another secret", { ...keysOf(a), secretAccessKey: keysOf(b).secretAccessKey }],
    ...(await guests(runtime, a)),
    ...rolesKeys(runtime),
    ['unsigned', undefined],
  ]);
  return { principals, a, b, destroyed };
};

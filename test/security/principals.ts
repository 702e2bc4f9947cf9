import { CognitoIdentityClient, GetIdCommand } from '@aws-sdk/client-cognito-identity';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Emulator } from 'aws-template-emulator';
import { testRoleSession } from '../recording/test-role-session.ts';
import type { Session } from '../../client/shared/session.ts';
import { identities } from '../tools/identities.ts';
import type { ServiceHarness } from '../lifecycle/service-harness.ts';
import { mintCredentials, nobody, settingsOf } from './mint.ts';

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

const hour = 3_600_000;

const keysOf = ({ accessKey, secretKey, sessionToken }: Session): NonNullable<Keys> => ({
  accessKeyId: accessKey,
  secretAccessKey: secretKey,
  sessionToken,
});

/** The session name of a session's keys, as `GetCallerIdentity` shows it to their holder. */
const sessionNameOf = async (runtime: Emulator, session: Session): Promise<string> => {
  const sts = new STSClient(settingsOf(runtime, keysOf(session)));
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

/** Whom anybody can be who knows the pool, the role and some of a session's secrets; nobody where identities are the developer's. */
const guests = async (runtime: Emulator, a: Session): Promise<[string, Keys][]> => {
  if (identities === 'developer') return [];
  const sessionName = await sessionNameOf(runtime, a);
  const { identityId } = a;
  const IdentityPoolId = runtime.outputs['IdentityPoolId'];
  const cognito = new CognitoIdentityClient(settingsOf(runtime, nobody));
  const { IdentityId: own = '' } = await cognito.send(new GetIdCommand({ IdentityPoolId }));
  const mint = (id: string, name: string) => mintCredentials(runtime, { identityId: id, sessionName: name });
  return [
    ["guest with A's session name", await mint(own, sessionName)],
    ['guest with a name of his own', await mint(own, 'browser')],
    ["guest with A's identity id and another name", await mint(identityId, 'browser')],
    ["guest with A's identity id and session name", await mint(identityId, sessionName)],
  ];
};

const altered = (token: string): string => (token.startsWith('A') ? 'B' : 'A') + token.slice(1);

/** Makes everybody who may try something; the clock moves past the life of keys on the way. */
export const gather = async (harness: ServiceHarness): Promise<Stage> => {
  const { runtime } = harness;
  const expired = await harness.create(1, 'expired');
  runtime.clock.advance(5 * hour);
  const replaced = await harness.create(1, 'a');
  const a = await harness.create(1, 'a');
  const b = await harness.create(1, 'b');
  const destroyed = await harness.create(1, 'destroyed');
  await harness.call('/destroy/1/destroyed');
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

import type { CallPoint, Emulator } from 'aws-template-emulator';
import * as z from 'zod/mini';

/** Services that keep something of a session. */
const keepers = ['cognito-identity', 'dynamodb', 'sqs', 'sts'];

/** Calls that only read. */
const isRead = ({ action }: CallPoint): boolean => action === 'GetItem' || action === 'Query';

const identitySchema = z.object({ IdentityId: z.string() });
const tokenSchema = z.object({ Token: z.string() });

/** The session whose create is recorded. */
const first = { accountId: 1, sessionId: 'recorded' };

/** Sessions of an account. */
const perAccount = 1000;

/** The random names of a create: of the queue, of the role's sessions. */
const drawn = /[0-9a-f]{32}/g;

const nameOf = (name: string, number: number): string => name.slice(8) + number.toString(16).padStart(8, '0');

/**
 * Runs one create through the API, and repeats the AWS calls that its functions made.
 * @returns makes session `s<number>` of account `number / 1000`, whole, in one thread and without HTTP, machines and functions
 */
export const repeatedCreate = async (service: Emulator): Promise<(number: number) => Promise<void>> => {
  const recorded: CallPoint[] = [];
  const stop = service.interceptors.add('before', '*', (point) => {
    if (keepers.includes(point.service) && !isRead(point)) recorded.push(point);
  });
  const answer = await fetch(`${service.outputs['ApiUrl'] ?? ''}create/${first.accountId}/${first.sessionId}`);
  stop();
  const { identityId } = z.object({ identityId: z.string() }).parse(await answer.json());
  const token = recorded.map(({ parameters }) => parameters['WebIdentityToken']).find((one) => typeof one === 'string');
  const calls = recorded.map(({ service: name, action, parameters }) => ({
    ...{ name, action },
    text: JSON.stringify(parameters)
      .replaceAll(`"accountId":{"N":"${first.accountId}"}`, '"accountId":{"N":"<account>"}')
      .replace(/"shard":\{"S":"."\}/, '"shard":{"S":"<shard>"}')
      .replaceAll(first.sessionId, '<session>')
      .replaceAll(identityId, '<identity>')
      .replaceAll(token ?? '<token>', '<token>'),
  }));
  return async (number) => {
    let [identity, newToken] = ['', ''];
    for (const { name, action, text } of calls) {
      const own = text
        .replace('<account>', String(2 + Math.floor(number / perAccount)))
        .replace('<shard>', (number % 16).toString(16))
        .replaceAll('<session>', `s${number}`)
        .replaceAll('<identity>', identity)
        .replaceAll('<token>', newToken)
        .replace(drawn, (drawnName) => nameOf(drawnName, number));
      const result = await service.ask(name, action, z.record(z.string(), z.unknown()).parse(JSON.parse(own)));
      if (action === 'GetId') identity = identitySchema.parse(result).IdentityId;
      if (action === 'GetOpenIdToken') newToken = tokenSchema.parse(result).Token;
    }
  };
};

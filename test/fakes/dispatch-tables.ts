import { AwsFault, type Action, type Parameters } from './aws-server.ts';

/** A session as the table holds it, keys and all. */
export interface SessionItem {
  readonly accountId: number;
  readonly sessionId: string;
  readonly userId?: number | undefined;
  readonly queueUrl: string;
  /** Epoch seconds. */
  readonly expires: number;
  readonly route: string;
}

type Values = Readonly<Record<string, { readonly S?: string; readonly N?: string }>>;

/** What the role of the function may read: the condition of its policy. */
const readable = ['accountId', 'sessionId', 'userId', 'queueUrl', 'expires', 'route'];

/** The tables as dispatch uses them: queries of sessions and their index, bodies of messages. */
export class DispatchTables {
  readonly sessions: SessionItem[] = [];
  /** Bodies by message id. */
  readonly bodies = new Map<string, string>();
  /** Items of a page at most, whatever the limit: DynamoDB ends a page at 1 MB. */
  pageLength = Infinity;
  /** Throws to fail a call. */
  onCall: (action: string, parameters: Parameters) => void = () => undefined;

  readonly actions: Readonly<Record<string, Action>> = {
    Query: (parameters) => {
      this.onCall('Query', parameters);
      return this.#query(parameters);
    },
    PutItem: (parameters) => {
      this.onCall('PutItem', parameters);
      const { messageId, body } = parameters['Item'] as Values;
      this.bodies.set(messageId?.S ?? '', body?.S ?? '');
      return {};
    },
    GetItem: (parameters) => {
      this.onCall('GetItem', parameters);
      const body = this.bodies.get((parameters['Key'] as Values)['messageId']?.S ?? '');
      return body === undefined ? {} : { Item: { body: { S: body } } };
    },
  };

  #query(parameters: Parameters): object {
    const names = parameters['ExpressionAttributeNames'] as Record<string, string>;
    const projected = String(parameters['ProjectionExpression'])
      .split(', ')
      .map((name) => names[name] ?? name);
    if (parameters['Select'] !== 'SPECIFIC_ATTRIBUTES' || projected.some((name) => !readable.includes(name)))
      throw new AwsFault('AccessDeniedException');
    if (parameters['ConsistentRead'] !== true) throw new AwsFault('ValidationException');
    const key = parameters['IndexName'] === 'routes' ? 'route' : 'sessionId';
    const matches = this.#condition(parameters);
    const start = (parameters['ExclusiveStartKey'] as Values | undefined)?.[key]?.S;
    const found = this.sessions
      .filter(matches)
      .filter((item) => start === undefined || Buffer.compare(Buffer.from(item[key]), Buffer.from(start)) > 0)
      .sort((a, b) => Buffer.compare(Buffer.from(a[key]), Buffer.from(b[key])));
    const page = found.slice(0, Math.min(Number(parameters['Limit']), this.pageLength));
    const last = page.length < found.length || page.length === parameters['Limit'] ? page.at(-1) : undefined;
    return {
      Items: page.map(toItem),
      ...(last && {
        LastEvaluatedKey: {
          accountId: { N: String(last.accountId) },
          sessionId: { S: last.sessionId },
          route: { S: last.route },
        },
      }),
    };
  }

  #condition(parameters: Parameters): (item: SessionItem) => boolean {
    const values = parameters['ExpressionAttributeValues'] as Values;
    const account = (item: SessionItem): boolean => String(item.accountId) === values[':accountId']?.N;
    switch (`${String(parameters['IndexName'])}: ${String(parameters['KeyConditionExpression'])}`) {
      case 'routes: accountId = :accountId':
        return account;
      case 'routes: accountId = :accountId AND begins_with(#route, :prefix)':
        return (item) => account(item) && item.route.startsWith(values[':prefix']?.S ?? '?');
      case 'undefined: accountId = :accountId AND sessionId = :sessionId':
        return (item) => account(item) && item.sessionId === values[':sessionId']?.S;
      default:
        throw new AwsFault('ValidationException');
    }
  }
}

const toItem = ({ accountId, sessionId, userId, queueUrl, expires, route }: SessionItem): object => {
  const user = userId !== undefined && { userId: { N: String(userId) } };
  return {
    accountId: { N: String(accountId) },
    sessionId: { S: sessionId },
    ...user,
    queueUrl: { S: queueUrl },
    expires: { N: String(expires) },
    route: { S: route },
  };
};

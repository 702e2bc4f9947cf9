import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { createLogs } from '../../logs/index.ts';
import { location, serve } from '../service-server.ts';

const service = createLogs(location);

export const { store } = service;

export const logs = new CloudWatchLogsClient(await serve(service));

/** The messages that one FilterLogEvents call after the other answers, until there is no token. */
export const filterAll = async (logGroupName: string, filterPattern?: string): Promise<string[]> => {
  const messages: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await logs.send(new FilterLogEventsCommand({ logGroupName, filterPattern, nextToken }));
    messages.push(...(page.events ?? []).map(({ message = '' }) => message));
    ({ nextToken } = page);
  } while (nextToken !== undefined);
  return messages;
};

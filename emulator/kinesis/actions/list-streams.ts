import type { Action } from '../../service.ts';
import { optionalText, pageLength } from '../parameters.ts';
import type { KinesisState } from '../streams.ts';

/** The maximum of streams in one answer, even if Limit is higher. https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListStreams.html */
const maxStreams = 100;

/** The token is the name of the last stream listed. */
export const listStreams = (state: KinesisState): Action => ({
  permissions: () => [{ action: 'kinesis:ListStreams', resource: '*' }],
  run: (parameters) => {
    const limit = pageLength(parameters, 'Limit', maxStreams);
    const after = optionalText(parameters, 'NextToken') ?? optionalText(parameters, 'ExclusiveStartStreamName') ?? '';
    const rest = [...state.streams.values()]
      .filter(({ name }) => name > after)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const page = rest.slice(0, limit);
    const hasMore = rest.length > page.length;
    return {
      StreamNames: page.map(({ name }) => name),
      HasMoreStreams: hasMore,
      ...(hasMore && { NextToken: page.at(-1)?.name }),
      StreamSummaries: page.map(({ name, arn, settings, createdAt }) => ({
        StreamName: name,
        StreamARN: arn,
        StreamStatus: 'ACTIVE',
        StreamModeDetails: { StreamMode: settings.mode },
        StreamCreationTimestamp: createdAt / 1000,
      })),
    };
  },
});

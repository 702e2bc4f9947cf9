import {
  DescribeConfigurationRecordersCommand,
  DescribeConfigurationRecorderStatusCommand,
} from '@aws-sdk/client-config-service';
import type { ConfigurationRecorder } from '@aws-sdk/client-config-service';
import type { Check } from './finding.ts';
import { ok, warning } from './finding.ts';

const queues = 'AWS::SQS::Queue';

/** https://docs.aws.amazon.com/config/latest/APIReference/API_RecordingGroup.html */
const recordsQueues = ({ recordingGroup = {} }: ConfigurationRecorder): boolean => {
  const { recordingStrategy, allSupported, resourceTypes = [], exclusionByResourceTypes } = recordingGroup;
  switch (recordingStrategy?.useOnly) {
    case 'EXCLUSION_BY_RESOURCE_TYPES':
      return !exclusionByResourceTypes?.resourceTypes?.some((type) => type === queues);
    case 'INCLUSION_BY_RESOURCE_TYPES':
      return resourceTypes.some((type) => type === queues);
    default:
      return allSupported === true || resourceTypes.some((type) => type === queues);
  }
};

/** Each session's queue is an item when it is made and when it is deleted, $0.003 each: https://aws.amazon.com/config/pricing/ */
export const checkConfig: Check = async ({ deployment, clients: { config } }) => {
  if (deployment.endpoint !== undefined) return ok('AWS Config', 'The local service has none');
  const [{ ConfigurationRecorders = [] }, { ConfigurationRecordersStatus = [] }] = await Promise.all([
    config.send(new DescribeConfigurationRecordersCommand()),
    config.send(new DescribeConfigurationRecorderStatusCommand()),
  ]);
  const running = new Set(ConfigurationRecordersStatus.flatMap(({ name, recording }) => (recording ? [name] : [])));
  const recorder = ConfigurationRecorders.find((each) => running.has(each.name) && recordsQueues(each));
  if (!recorder) return ok('AWS Config', `No recorder of this Region records ${queues}`);
  return warning(
    'AWS Config',
    `The recorder ${recorder.name ?? ''} records ${queues}: each session is two items or more, some $6 for 1,000 sessions`,
    `Leave ${queues} out: aws configservice put-configuration-recorder with recordingStrategy EXCLUSION_BY_RESOURCE_TYPES (the command is in docs/cost.md).`,
  );
};

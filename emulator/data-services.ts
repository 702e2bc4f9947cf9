import type { Access } from './access/index.ts';
import type { Clock } from './clock.ts';
import { createCognitoIdentity } from './cognito-identity/index.ts';
import { createDynamoDb } from './dynamodb/index.ts';
import { createKinesis } from './kinesis/index.ts';
import type { Kinesis } from './kinesis/index.ts';
import { createResources } from './resources.ts';
import type { State } from './persistence/state.ts';
import { createS3 } from './s3/index.ts';
import type { Service } from './service.ts';
import { immediate, slowest } from './sqs/propagation.ts';
import type { Sqs } from './sqs/index.ts';
import { createSqs } from './sqs/index.ts';
import { createSts } from './sts/index.ts';
import type { LoadedTemplate } from './template/index.ts';

export interface DataServicesOptions {
  readonly clock: Clock;
  readonly access: Access;
  readonly accountId: string;
  readonly region: string;
  readonly template: LoadedTemplate;
  /** Identity pools that are not in the template. */
  readonly identityPools: readonly string[];
  /** Everything is as slow as documented. */
  readonly worstCase: boolean;
  /** Where all data are kept. */
  readonly state: State;
}

/** The services that hold the stack's data. */
export interface DataServices {
  readonly services: readonly Service[];
  readonly kinesis: Kinesis;
  readonly sqs: Sqs;
  /** Ends waiting requests and timers. */
  stop(): void;
}

/**
 * Assumed: AWS names no bound, only that indexes are usually updated within a fraction of a second.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.Writes
 */
const maxIndexLag = 2_000;

/** The data services with the template's resources in them. @throws Error naming what in the template is not supported. */
export const createDataServices = async (options: DataServicesOptions): Promise<DataServices> => {
  const { access, template } = options;
  const cognitoIdentity = createCognitoIdentity(options);
  const kinesis = createKinesis(options);
  const dynamodb = createDynamoDb({ ...options, indexLag: options.worstCase ? maxIndexLag : 0 });
  const sqs = createSqs({ ...options, propagation: options.worstCase ? slowest : immediate });
  const s3 = createS3({ ...options, readPolicy: (text) => access.readResourcePolicy(text) });
  const sts = createSts({ ...options, readToken: (token) => cognitoIdentity.readToken(token) });
  await createResources(template, { sqs, dynamodb, kinesis, cognitoIdentity, s3 });
  for (const id of options.identityPools) {
    cognitoIdentity.createPool(id, { AllowUnauthenticatedIdentities: true, AllowClassicFlow: true });
  }
  return {
    services: [cognitoIdentity, dynamodb, kinesis, s3, sqs, sts],
    kinesis,
    sqs,
    stop: () => {
      sqs.stop();
      dynamodb.stop();
    },
  };
};

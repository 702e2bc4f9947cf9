import { ConfigServiceClient } from '@aws-sdk/client-config-service';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import type { Location } from '../clients.ts';
import { localCredentials } from '../clients.ts';

/** Clients of the services that only the doctor asks. */
export const createDoctorClients = ({ region, endpoint }: Location) => {
  const settings = { region, ...(endpoint !== undefined && { endpoint, credentials: localCredentials }) };
  return {
    config: new ConfigServiceClient(settings),
    iam: new IAMClient(settings),
    lambda: new LambdaClient(settings),
    quotas: new ServiceQuotasClient(settings),
  };
};

export type DoctorClients = ReturnType<typeof createDoctorClients>;

import type { Deployment } from '../deployment.ts';
import { codeOf } from '../errors.ts';
import { checkClock, checkCors, checkCredentials, checkStack } from './access.ts';
import { createDoctorClients } from './clients.ts';
import { checkConfig } from './config.ts';
import type { Check, ExpectedLoad, Finding } from './finding.ts';
import { problem, warning } from './finding.ts';
import { checkBrowserRole, checkPool, checkTable } from './identity.ts';
import { checkQuotas } from './quotas.ts';
import { checkRoles } from './roles.ts';
import { checkReader, checkStream } from './stream.ts';
import { checkAlarms, checkDeadLetters } from './waiting.ts';

export type { ExpectedLoad, Finding } from './finding.ts';

const checks: Readonly<Record<string, Check>> = {
  credentials: checkCredentials,
  stack: checkStack,
  'identity pool': checkPool,
  'browser role': checkBrowserRole,
  roles: checkRoles,
  'sessions table': checkTable,
  stream: checkStream,
  'stream reader': checkReader,
  clock: checkClock,
  CORS: checkCors,
  quotas: checkQuotas,
  'dead letters': checkDeadLetters,
  alarms: checkAlarms,
  'AWS Config': checkConfig,
};

/** The finding for a check that the caller's credentials do not allow: it says nothing about the deployment. */
const unchecked = (check: string, error: unknown): Finding => {
  const message = error instanceof Error ? error.message : String(error);
  const what = `It could not be checked (${codeOf(error)}): ${message}`;
  return /^AccessDenied|^AuthorizationError/.test(codeOf(error))
    ? warning(check, what, 'Ask with credentials that may read it.')
    : problem(check, what, 'See whether the resource is there.');
};

/** Checks whether the deployment works and can carry the expected load. A check that cannot be made is a finding too. */
export const examine = async (deployment: Deployment, load: ExpectedLoad = {}): Promise<readonly Finding[]> => {
  const examination = { deployment, load, clients: createDoctorClients(deployment) };
  const findings = await Promise.all(
    Object.entries(checks).map(async ([name, check]): Promise<readonly Finding[]> => {
      try {
        return [await check(examination)].flat();
      } catch (error) {
        return [unchecked(name, error)];
      }
    }),
  );
  return findings.flat();
};

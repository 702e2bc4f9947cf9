import { mkdirSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, expect } from '@jest/globals';
import type { CallRecord, Emulator } from 'aws-template-emulator';
import { startedServices } from '../../operations/start/started-services.ts';
import { testRoleSession } from './test-role-session.ts';
import type { Grant } from './grants.ts';
import { grantsOf, usedBy } from './grants.ts';

/** The grants and calls of the roles in one file of tests. */
export interface Recorded {
  readonly granted: readonly Grant[];
  readonly used: readonly Grant[];
  readonly calls: number;
}

/** The prefix of the roles of our own app's stacks. Other stacks that tests start have the same grants. */
const appPrefix = 'sqs-browser-';

const granted = new Set<Grant>();
const used = new Set<Grant>();
const denied = new Set<string>();
const seen = new Set<string>();
let calls = 0;

/** The resource without the random part of a queue's name, so that calls on different queues count as the same. */
const withoutRandom = (resource: string): string => resource.replace(/[0-9a-f]{32,}$/, '*');

const record = (grants: readonly Grant[], { principal, permissions, outcome, service, action }: CallRecord): void => {
  // Tests deny browsers' credentials on purpose, and those that a test issues for a role.
  if (principal.type !== 'role' || principal.sessionName === testRoleSession) return;
  if (principal.roleName.includes('BrowserRole')) return;
  calls += 1;
  if (outcome === 'denied') denied.add(`${principal.roleName} ${service}:${action}`);
  for (const permission of permissions) {
    const key = `${principal.roleName} ${permission.action} ${withoutRandom(permission.resource)}`;
    if (seen.has(key)) continue;
    seen.add(key);
    for (const grant of usedBy(grants, { ...permission, role: principal.roleName })) used.add(grant);
  }
};

const watch = (service: unknown): void => {
  const { access, calls: made } = service as Emulator;
  const grants = grantsOf(access);
  for (const grant of grants) if (grant.startsWith(appPrefix)) granted.add(grant);
  made.on((call) => {
    record(grants, call);
  });
};

startedServices.subscribe(watch);

afterAll(() => {
  startedServices.unsubscribe(watch);
  const folder = process.env['CALL_RECORDS'];
  if (granted.size > 0 && folder !== undefined) {
    mkdirSync(folder, { recursive: true });
    const recorded: Recorded = { granted: [...granted], used: [...used], calls };
    writeFileSync(join(folder, `${randomUUID()}.json`), JSON.stringify(recorded));
  }
  // Calls that the template's policies do not allow.
  expect([...denied]).toEqual([]);
});

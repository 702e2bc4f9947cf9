import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { createAccess, roleSession } from '../../../../access/index.ts';
import type { Role } from '../../../../access/index.ts';
import { MovableClock } from '../../../../clock.ts';
import type { PolicyDocument, PolicyStatement } from '../../../../service.ts';
import { conditionOperatorCases } from '../documented/condition-operators.ts';
import { conditionSetCases } from '../documented/condition-sets.ts';
import type { DocumentedCase } from '../documented/documented-case.ts';
import { accountId, roleArn, roleId, usual } from '../documented/documented-case.ts';
import { elementCases } from '../documented/elements.ts';
import { evaluationCases } from '../documented/evaluation.ts';
import { variableCases } from '../documented/variables.ts';

const cases = [...conditionOperatorCases, ...conditionSetCases, ...variableCases, ...elementCases, ...evaluationCases];

class FixedClock extends MovableClock {
  override now(): number {
    return Date.parse(usual.now);
  }
}

const lambdaMayAssume: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

const documentOf = ({ version = '2012-10-17' }: DocumentedCase, statements: readonly PolicyStatement[]) => ({
  Version: version,
  Statement: statements,
});

const ask = (documented: DocumentedCase): 'allowed' | 'denied' => {
  const { identity = [], session, resourcePolicy, caller = 'role', tags = {}, context = {} } = documented;
  const role: Role = {
    arn: roleArn,
    name: 'examplerole',
    id: roleId,
    trustPolicy: lambdaMayAssume,
    policies: identity.length > 0 ? [documentOf(documented, identity)] : [],
    maxSessionSeconds: 3600,
    tags,
  };
  const access = createAccess({ clock: new FixedClock(), accountId, region: 'us-east-1', roles: [role] });
  const principal = roleSession(
    role,
    usual.session,
    session ? { sessionPolicy: JSON.stringify(documentOf(documented, session)) } : {},
  );
  const allowed = access.allows(caller === 'role' ? principal : { type: 'anonymous' }, {
    action: documented.action ?? usual.action,
    resource: documented.resource ?? usual.resource,
    resourcePolicy: resourcePolicy && documentOf(documented, resourcePolicy),
    context,
  });
  return allowed ? 'allowed' : 'denied';
};

describe('requests end as the IAM documentation says', () => {
  test.each(cases.map((documented) => [documented.page, documented.title, documented] as const))(
    '%s: %s',
    (_page, _title, documented) => {
      const { outcome } = documented;
      if (typeof outcome === 'string') expect(ask(documented)).toBe(outcome);
      else expect(() => ask(documented)).toThrow(outcome.error);
    },
  );

  test('no two cases have the same name, and docs/services.md counts them', () => {
    const names = new Set(cases.map(({ page, title }) => `${page} ${title}`));
    expect(names.size).toBe(cases.length);
    const services = readFileSync(join(import.meta.dirname, '..', '..', '..', '..', 'docs', 'services.md'), 'utf8');
    const pages = new Set(cases.map(({ page }) => page));
    expect(services).toContain(`in ${cases.length} cases from ${pages.size} of its pages`);
  });
});

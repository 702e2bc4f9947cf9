import type { Emulator } from 'aws-template-emulator';

/** A permission of a role, as `<role> <action> <resource>`: one action of a statement on one of its resources. */
export type Grant = string;

/** Actions of Lambda and Step Functions themselves, which write logs and traces. */
const byTheService = /^(?:xray|logs):/;

const listOf = (value: unknown): readonly string[] => [value].flat().map(String);

/** Every grant of the template's roles. */
export const grantsOf = ({ roles }: Emulator['access']): readonly Grant[] =>
  roles.flatMap(({ name, policies }) =>
    policies
      .flatMap(({ Statement: statements }) => statements)
      .filter(({ Effect: effect }) => effect === 'Allow')
      .flatMap(({ Action: actions, Resource: resources }) =>
        listOf(actions).flatMap((action) => listOf(resources).map((resource) => `${name} ${action} ${resource}`)),
      )
      .filter((grant) => !byTheService.test(grant.split(' ')[1] ?? '')),
  );

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const isLike = (pattern: string, text: string): boolean =>
  new RegExp(`^${escape(pattern).replaceAll('\\*', '.*').replaceAll('\\?', '.')}$`).test(text);

/** The grants among these that a call of the role used. */
export const usedBy = (
  grants: readonly Grant[],
  call: { readonly role: string; readonly action: string; readonly resource: string },
): readonly Grant[] =>
  grants.filter((grant) => {
    const [role, action, resource = ''] = grant.split(' ');
    return role === call.role && action === call.action && isLike(resource, call.resource);
  });

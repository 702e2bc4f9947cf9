/** The session name of credentials that tests issue for a role, to try what it may not do. */
export const testRoleSession = 'test-of-a-role';

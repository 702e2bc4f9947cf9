/** The session's name of keys that tests give themselves of a role, to try what it may not do. */
export const testRoleSession = 'test-of-a-role';

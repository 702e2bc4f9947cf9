/** `IDENTITIES=developer npm test …`: the tests of the whole service run with developer identities instead of guests. */
export const identities = process.env['IDENTITIES'] === 'developer' ? 'developer' : 'guests';

/** The context values that choose the mode; none for the default. */
export const identityContext = identities === 'developer' ? { identities } : {};

type Identities = 'developer' | 'guests';

/** `IDENTITIES=developer npm test …`: the tests of the whole service run with developer identities instead of guests. */
export const identities: Identities = process.env['IDENTITIES'] === 'developer' ? 'developer' : 'guests';

/** The context values that choose a mode; none for the default. */
export const contextOf = (mode: Identities) => (mode === 'developer' ? { identities: mode } : {});

export const identityContext = contextOf(identities);

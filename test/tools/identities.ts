type Identities = 'developer' | 'guests';

/** `IDENTITIES=developer npm test …`: the tests of the whole service run with developer identities instead of guests. */
export const identities: Identities = process.env['IDENTITIES'] === 'developer' ? 'developer' : 'guests';

/** The cleanup's schedule stays out of the way of tests, which run the cleanup themselves: seconds. */
const rareCleanup = { cleanupEvery: 86_400 };

/** The context of the services of tests in a mode. They share one synthesis, unless a test adds values of its own. */
export const contextOf = (mode: Identities) => ({ ...rareCleanup, ...(mode === 'developer' && { identities: mode }) });

export const serviceContext = contextOf(identities);

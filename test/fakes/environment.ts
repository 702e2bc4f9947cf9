import { environmentNames } from '../../functions/aws/environment.ts';

/**
 * Sets every variable the functions read. A test imports this before a handler, whose last line reads them; nothing is
 * called with these values, since tests bind handlers themselves.
 */
for (const name of Object.values(environmentNames)) process.env[name] ??= 'placeholder';
process.env['AWS_REGION'] ??= 'eu-west-1';

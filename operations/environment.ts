/** The environment of the process. It is the only place in operations/ that reads process.env. */
export const environment: Readonly<Record<string, string | undefined>> = process.env;

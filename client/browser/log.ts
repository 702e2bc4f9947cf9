/** Gets what happened, and what is to be known about it: no credentials, and not the data of events. */
export type Log = (what: string, details?: unknown) => void;

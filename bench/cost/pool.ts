import { dollars, hoursPerMonth } from './prices.ts';

/** The pool is looked at once a minute: infra/sqs-browser.ts. */
const looksPerMonth = hoursPerMonth * 60;
/** Bytes of a pair in the index `byState`: names and values of six attributes. */
const pairBytes = 215;
/** Bytes of a read unit; a read that need not be consistent takes half of one. */
const readUnit = 4096;
/** Seconds that a look takes a function of 256 MB; assumed, as functions with two or three calls. */
const lookSeconds = 0.15;
/** Gigabytes times seconds that 20 pairs take: a second until SQS lets new queues be used, and the calls (functions/fill-pool/pool.ts). */
const roundSeconds = 1.4;
const pairsARound = 20;

const functionGigabytes = 0.25;
const executionGigabytes = 1 / 16;

const run = (seconds: number): number =>
  dollars('lambda-gb-second', functionGigabytes * seconds) + dollars('states-gb-second', executionGigabytes * seconds);

/**
 * Dollars for a pool of `pairs` pairs in a month in which nobody logs in: a look a minute (the pairs are read, the lease is taken and given back,
 * some lines are logged), a metric and two alarms.
 */
export const poolMonth = (pairs: number): number => {
  const look =
    dollars('states-request', 1) +
    dollars('lambda-request', 1) +
    run(lookSeconds) +
    dollars('dynamodb-read', (pairs * pairBytes) / readUnit / 2) +
    dollars('dynamodb-write', 2) +
    dollars('vended-log-gb', 600 / 1e9);
  return looksPerMonth * look + dollars('metric-month', 1) + dollars('alarm-month', 2);
};

/** Dollars for a million pairs that are made: a queue, an identity, and an item with its copy in the index. */
export const perMillionPairs = (): number =>
  1e6 * (dollars('sqs-request', 1) + dollars('dynamodb-write', 2) + run(roundSeconds) / pairsARound);

/** Does the fixed work on each message, in a thread of its own. */
import { parentPort } from 'node:worker_threads';
import { fixedWork } from './fixed-work.ts';

parentPort?.on('message', () => parentPort?.postMessage(fixedWork()));

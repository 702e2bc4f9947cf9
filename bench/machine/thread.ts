/** Does the fixed work each time it is told to, in a thread of its own. */
import { parentPort } from 'node:worker_threads';
import { fixedWork } from './fixed-work.ts';

parentPort?.on('message', () => parentPort?.postMessage(fixedWork()));

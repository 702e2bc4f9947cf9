/** The entry of the one file for a <script> tag, which defines the global `sqsBrowser`. */
import { connect, fullJitter } from './connect.ts';
import { debugLog } from './debug.ts';
import { eventHistory } from './history.ts';
import { typed } from './typed.ts';

Object.assign(globalThis, { sqsBrowser: { connect, debugLog, eventHistory, fullJitter, typed } });

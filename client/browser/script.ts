/** The entry of the one file for a <script> tag, which defines the global `sqsBrowser`. */
import { connect, fullJitter } from './connect.ts';

Object.assign(globalThis, { sqsBrowser: { connect, fullJitter } });

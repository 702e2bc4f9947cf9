import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { deserialize, serialize } from 'node:v8';
import type { Changes } from './pending-changes.ts';

/** The state cannot be kept or used; the message says why, and what to do. */
export class StateError extends Error {
  override readonly name = 'StateError';
}

/** The stack whose state is kept. */
export interface Owner {
  readonly stackName: string;
  readonly accountId: string;
  readonly region: string;
}

/** The version of the tables and of their values. A new one does not read the old ones. */
const format = 1;

const tables = `
  CREATE TABLE IF NOT EXISTS owner (description TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS entries (kind TEXT, key TEXT, value BLOB NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID;
`;

const openSqlite = (file: string): DatabaseSync => {
  // It is there without a flag since 22.13. https://nodejs.org/api/sqlite.html
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 22 || (major === 22 && minor < 13)) {
    throw new StateError(`State is kept by Node.js 22.13 or later, not ${process.version}.`);
  }
  const sqlite = process.getBuiltinModule('node:sqlite');
  return new sqlite.DatabaseSync(file);
};

/**
 * Makes the folder and those above it. Node's own `recursive` takes ENOENT for a missing parent and goes on for ever where the parent is
 * there, as in /proc (seen with Node.js 20 and 24; like https://github.com/nodejs/node/issues/27198).
 */
const makeFolder = (folder: string): void => {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder, { mode: 0o700 });
};

/** The error for the person who chose the folder. Errors of Node.js may be of another realm, and so are not instances of Error. */
const explain = (error: unknown, folder: string): unknown => {
  if (typeof error !== 'object' || error === null || error instanceof StateError) return error;
  const message = 'message' in error ? String(error.message) : '';
  const code = 'code' in error ? String(error.code) : '';
  const sentence = /database is locked/.test(message)
    ? `The state in ${folder} is in use by another process.`
    : /not a database|malformed/.test(message)
      ? `The state in ${folder} is damaged: ${message}. Delete the folder to start anew.`
      : ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'ENOENT', 'ENOSPC'].includes(code) ||
          /unable to open|readonly/.test(message)
        ? `The folder ${folder} cannot be written: ${message}`
        : undefined;
  return sentence === undefined ? error : new StateError(sentence, { cause: error });
};

/** Entries in an SQLite database: each write is whole or is not there, whenever the process is killed. */
export class Database {
  readonly #sqlite: DatabaseSync;

  /** @throws StateError when the folder cannot be used, or has another stack's state */
  constructor(folder: string, owner: Owner) {
    try {
      makeFolder(resolve(folder));
      const file = join(folder, 'state.sqlite');
      this.#sqlite = openSqlite(file);
      // Credentials are in it.
      chmodSync(file, 0o600);
      this.#prepare(folder, owner);
    } catch (error) {
      throw explain(error, folder);
    }
  }

  load(kind: string, prefix: string): [key: string, value: unknown][] {
    const select = this.#sqlite.prepare(
      'SELECT key, value FROM entries WHERE kind = ? AND key >= ? AND key < ? ORDER BY key',
    );
    return select.all(kind, prefix, `${prefix}\u{10FFFF}`).map(({ key, value }) => {
      if (!(value instanceof Uint8Array)) throw new StateError(`The entry ${kind} ${String(key)} is damaged.`);
      return [String(key), deserialize(value)];
    });
  }

  /** Makes all changes, or none. */
  write(changes: Iterable<readonly [kind: string, changes: Changes]>): void {
    const removePrefix = this.#sqlite.prepare('DELETE FROM entries WHERE kind = ? AND key >= ? AND key < ?');
    const remove = this.#sqlite.prepare('DELETE FROM entries WHERE kind = ? AND key = ?');
    const put = this.#sqlite.prepare('INSERT OR REPLACE INTO entries (kind, key, value) VALUES (?, ?, ?)');
    const apply = (kind: string, { prefixes, entries }: Changes): void => {
      for (const prefix of prefixes) removePrefix.run(kind, prefix, `${prefix}\u{10FFFF}`);
      for (const [key, kept] of entries) {
        if (kept === undefined) remove.run(kind, key);
        else put.run(kind, key, serialize(kept));
      }
    };
    this.#sqlite.exec('BEGIN');
    try {
      for (const [kind, changed] of changes) apply(kind, changed);
      this.#sqlite.exec('COMMIT');
    } catch (error) {
      this.#sqlite.exec('ROLLBACK');
      throw error;
    }
  }

  close(): void {
    this.#sqlite.close();
  }

  #prepare(folder: string, owner: Owner): void {
    // One process at a time; no other one reads it meanwhile.
    this.#sqlite.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    const known = this.#sqlite.prepare('PRAGMA user_version').get()?.['user_version'];
    if (known !== 0 && known !== format) {
      throw new StateError(
        `The state in ${folder} was written by another version of the emulator. Delete the folder to start anew.`,
      );
    }
    this.#sqlite.exec(`BEGIN IMMEDIATE; ${tables} PRAGMA user_version = ${format}; COMMIT`);
    const description = `${owner.stackName} in account ${owner.accountId}, ${owner.region}`;
    const kept = this.#sqlite.prepare('SELECT description FROM owner').get()?.['description'];
    if (kept === undefined) this.#sqlite.prepare('INSERT INTO owner VALUES (?)').run(description);
    else if (kept !== description) {
      throw new StateError(`The folder ${folder} keeps the state of the stack ${String(kept)}, not of ${description}.`);
    }
  }
}

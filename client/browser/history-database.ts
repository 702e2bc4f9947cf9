import type { Message } from './types.ts';

/** An event as it is kept. */
export interface Kept extends Message {
  readonly queueUrl: string;
  /** When it came, epoch milliseconds. */
  readonly at: number;
}

/** A request of IndexedDB whose results are known. */
interface Request<T> {
  readonly result: T;
  readonly error: Error | null;
  onsuccess: ((event: Event) => void) | null;
  onerror: ((event: Event) => void) | null;
}

/** Resolves with the result of a request. */
export const settled = <T>(request: Request<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => {
      resolve(request.result);
    };
    request.onerror = () => {
      reject(request.error ?? new Error('IndexedDB failed'));
    };
  });

/**
 * Opens the database: the events, and by queue the time of the last event that was dropped.
 * @throws Error where IndexedDB is missing or forbidden.
 */
export const openDatabase = (indexedDB: IDBFactory | undefined): Promise<IDBDatabase> => {
  if (!indexedDB) throw new Error('There is no IndexedDB');
  const request = indexedDB.open('sqs-browser', 1);
  request.onupgradeneeded = () => {
    const events = request.result.createObjectStore('events', { keyPath: ['queueUrl', 'id'] });
    events.createIndex('arrival', ['queueUrl', 'at']);
    events.createIndex('time', 'at');
    request.result.createObjectStore('dropped');
  };
  return settled(request);
};

import type { Messaging } from './messaging.ts';
import { putRecords } from './put-records.ts';
import type { Session, Subject } from './subject.ts';

/** The measured service, with the sessions of one account: notify calls for one session, the stream for many. */
export const ownMessaging = (subject: Subject, accountId: number): Messaging<Session> => ({
  open: (name) => subject.create(accountId, name),
  send: (name, body) => subject.post(`/notify/${accountId}/session/${name}`, body),
  stream: (bodies) =>
    putRecords(
      subject,
      bodies.map(({ name, body }) => [name, JSON.stringify({ accountId, sessionId: name, ...body })]),
    ),
  listen: (session, onMessage, signal) => subject.poll(session, onMessage, signal),
});

import type { Messaging } from './messaging.ts';
import type { Session, Subject } from './subject.ts';

/** Sessions of one account of the measured service: notify calls to one, the stream to many. */
export const ownMessaging = (subject: Subject, accountId: number): Messaging<Session> => ({
  open: (name) => subject.create(accountId, name),
  send: (name, body) => subject.post(`/notify/${accountId}/session/${name}`, body),
  stream: (bodies) =>
    subject.aws('kinesis', 'Kinesis_20131202.PutRecords', {
      StreamName: subject.outputs['EventStreamName'],
      Records: bodies.map(({ name, body }) => ({
        PartitionKey: name,
        Data: Buffer.from(JSON.stringify({ accountId, sessionId: name, ...body })).toString('base64'),
      })),
    }),
  listen: (session, onMessage, signal) => subject.poll(session, onMessage, signal),
});

/** A small tab: another page of the browser, with a connection of its own to a session that it shares. */
import { connect, type Events } from 'sqs-browser/client';
import { readNote } from '../note.ts';
import { ask } from './ask.ts';
import { find } from './find.ts';
import { countRequests, plural } from './requests.ts';
import { onMessage, post } from './tab-message.ts';
import { joinTabs } from './tab-count.ts';

const person = new URLSearchParams(location.search).get('person') ?? '';
const role = find(document, '.role');
const counts = find(document, '.counts');
const last = find(document, '.last');

let events: Events | undefined;
let leave: () => void = () => undefined;
let requests: () => number = () => 0;
let shown = 0;

const show = (): void => {
  const polls = events?.leader ?? false;
  role.textContent = events ? (polls ? 'Polls' : 'Listens') : 'Asleep';
  document.body.dataset['role'] = role.textContent;
  counts.textContent = `${shown} shown, ${plural(requests(), 'call')}`;
  post(window.parent, { type: 'tab-status', polls, requests: requests(), events: shown });
};

onMessage('tab-session', ({ session }) => {
  void events?.close();
  leave();
  events = undefined;
  if (session) {
    requests = countRequests(session.sqsUrl);
    leave = joinTabs(session.sqsUrl);
    events = connect({ session, renew: () => ask(person, 'renew') });
    events.addEventListener('message', ({ data, text }) => {
      shown += 1;
      last.textContent = readNote(data)?.text ?? text;
      show();
    });
    events.addEventListener('statechange', show);
  }
  show();
});

show();
setInterval(show, 500);

/** The screen: two people side by side, and small tabs that share the session of the first. */
import type { NewNote } from '../note.ts';
import { people } from '../people.ts';
import { find, findAs } from './find.ts';
import { Panel } from './panel.ts';
import { Tabs } from './tabs.ts';

const start = findAs(document, '#start', HTMLButtonElement);
const template = findAs(document, '#panel', HTMLTemplateElement);

const [{ path: firstPath }] = people;
const tabs = new Tabs(firstPath, () => panels[0]?.polls ?? false);

const showStart = (): void => {
  start.hidden = panels.some(({ isLoggedIn }) => isLoggedIn);
};

const onSent = (note: NewNote): void => {
  for (const panel of panels) panel.noteSent(note);
};

const panels: readonly Panel[] = people.map(
  (person) =>
    new Panel(person, template, {
      onSent,
      onSession: (session) => {
        if (person.path === firstPath) tabs.setSession(session);
        showStart();
      },
      onSleep: (isAsleep) => {
        if (person.path === firstPath) tabs.setAsleep(isAsleep ? undefined : panels[0]?.session);
      },
    }),
);

find(document, '#people').append(...panels.map(({ element }) => element));

start.addEventListener('click', () => {
  start.disabled = true;
  void Promise.all(panels.map((panel) => panel.logIn())).then(() => {
    start.disabled = false;
    panels[0]?.focus();
  });
});

await Promise.all(panels.map((panel) => panel.resume()));
showStart();

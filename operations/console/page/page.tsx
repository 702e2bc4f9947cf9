/** @jsxImportSource preact */
import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useAsk } from './ask.ts';
import { Alarms } from './pages/alarms.tsx';
import { DeadLetters } from './pages/dead-letters.tsx';
import { Logs } from './pages/logs.tsx';
import { Messages } from './pages/messages.tsx';
import { Overview } from './pages/overview.tsx';
import { RunPage } from './pages/run.tsx';
import { Runs } from './pages/runs.tsx';
import { Sessions } from './pages/sessions.tsx';

interface About {
  readonly stack: string;
  /** The service of the stack that is shown, and all of them. Empty is the name of this project's own. */
  readonly construct: string;
  readonly constructs: readonly string[];
  readonly region: string;
  readonly endpoint?: string;
}

const links = [
  ['', 'Overview'],
  ['sessions', 'Sessions'],
  ['messages', 'Messages'],
  ['runs', 'Runs'],
  ['dead-letters', 'Dead letters'],
  ['logs', 'Logs'],
  ['alarms', 'Alarms'],
] as const;

interface Place {
  readonly page: string;
  readonly parameters: URLSearchParams;
}

/** `#/runs?machine=dispatch` */
const readPlace = (): Place => {
  const [page = '', query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  return { page, parameters: new URLSearchParams(query) };
};

const Page = ({ page, parameters }: Place) => {
  switch (page) {
    case '':
      return <Overview />;
    case 'sessions':
      return <Sessions />;
    case 'messages':
      return <Messages parameters={parameters} />;
    case 'runs':
      return <Runs key={parameters.toString()} parameters={parameters} />;
    case 'run':
      return <RunPage key={parameters.get('arn')} parameters={parameters} />;
    case 'dead-letters':
      return <DeadLetters />;
    case 'logs':
      return <Logs />;
    case 'alarms':
      return <Alarms />;
    default:
      return <p class="problem">There is no page {page}.</p>;
  }
};

/** What is shown, and where there are several services in the stack, a way to the others. */
const AboutDeployment = ({
  about,
  error,
}: {
  readonly about: About | undefined;
  readonly error: string | undefined;
}) => (
  <div class="about">
    {about ? `${about.stack} ${about.endpoint === undefined ? about.region : 'on this machine'}` : (error ?? '')}
    {about && about.constructs.length > 1 && (
      <select
        aria-label="Service"
        value={about.construct}
        onChange={(event) => {
          location.search = new URLSearchParams({ construct: event.currentTarget.value }).toString();
        }}
      >
        {about.constructs.map((each) => (
          <option key={each} value={each}>
            {each}
          </option>
        ))}
      </select>
    )}
  </div>
);

const App = () => {
  const [place, setPlace] = useState(readPlace);
  useEffect(() => {
    const look = (): void => {
      setPlace(readPlace());
    };
    window.addEventListener('hashchange', look);
    return () => {
      window.removeEventListener('hashchange', look);
    };
  }, []);
  const { answer: about, error } = useAsk<About>('deployment', {}, false);
  const current = place.page === 'run' ? 'runs' : place.page;
  return (
    <>
      <nav aria-label="Pages">
        <a class="brand" href="#/">
          sqs-browser
        </a>
        {links.map(([page, label]) => (
          <a key={page} href={`#/${page}`} {...(page === current && { 'aria-current': 'page' as const })}>
            {label}
          </a>
        ))}
        <AboutDeployment about={about} error={error} />
      </nav>
      <main>
        <Page {...place} />
      </main>
    </>
  );
};

const root = document.getElementById('app');
if (root) {
  root.textContent = '';
  render(<App />, root);
}

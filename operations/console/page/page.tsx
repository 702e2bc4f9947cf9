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

const Page = ({ page, parameters, stackName }: Place & { readonly stackName: string }) => {
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
      return <RunPage key={parameters.get('arn')} parameters={parameters} stackName={stackName} />;
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
        <span class="about">
          {about ? `${about.stack} ${about.endpoint === undefined ? about.region : 'on this machine'}` : (error ?? '')}
        </span>
      </nav>
      <main>
        <Page {...place} stackName={about?.stack ?? ''} />
      </main>
    </>
  );
};

const root = document.getElementById('app');
if (root) {
  root.textContent = '';
  render(<App />, root);
}

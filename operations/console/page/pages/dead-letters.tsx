/** @jsxImportSource preact */
import { useState } from 'preact/hooks';
import type { DeadLetter, Place } from '../../../deployment/dead-letters.ts';
import { change, useAsk } from '../ask.ts';
import { Answered, Doing, Empty, Json, timeOf } from '../parts.tsx';
import { WindowedList } from '../windowed-list.tsx';

const places: readonly Place[] = ['undelivered', 'rejected', 'failed-batches'];

interface Counts {
  readonly putBack: number;
  readonly records: number;
  readonly again: number;
  readonly left: Readonly<Record<string, number>>;
}

const redrive = async (place: Place, dryRun: boolean, messageIds?: readonly string[]): Promise<string> => {
  const counts = await change<Counts>('redrive', { place, dryRun, ...(messageIds && { messageIds }) });
  const left = Object.entries(counts.left).map(([reason, number]) => `; ${number} left: ${reason}`);
  const again = counts.again > 0 ? `; ${counts.again} came back, so the cause remains` : '';
  return `${counts.putBack} ${dryRun ? 'would be put back' : 'put back'}${again}${left.join('')}.`;
};

/** Puts one after the other back, so that it can be seen how far that is. */
const redriveAll = async (letters: readonly DeadLetter[], onProgress: (done: number) => void): Promise<string> => {
  let done = 0;
  const said: string[] = [];
  for (const place of places) {
    const ids = letters.filter((letter) => letter.place === place).flatMap(({ messageIds }) => messageIds.slice(0, 1));
    for (let start = 0; start < ids.length; start += 20) {
      said.push(`${place}: ${await redrive(place, false, ids.slice(start, start + 20))}`);
      done += Math.min(20, ids.length - start);
      onProgress(done);
    }
  }
  return said.join(' ');
};

const keyOf = ({ place, id }: DeadLetter): string => `${place} ${id}`;

const Detail = ({ letter, onChange }: { readonly letter: DeadLetter; readonly onChange: () => void }) => (
  <aside class="detail" aria-label={`Dead letter ${letter.id}`}>
    <h2>{letter.reason}</h2>
    {letter.detail !== undefined && <p>{letter.detail}</p>}
    <dl>
      <dt>Id</dt>
      <dd>
        <code>{letter.id}</code>
      </dd>
      <dt>Waits in</dt>
      <dd>{letter.place}</dd>
      {letter.accountId !== undefined && <dt>Account</dt>}
      {letter.accountId !== undefined && <dd>{letter.accountId}</dd>}
      {letter.place === 'undelivered' && <dt>Sessions</dt>}
      {letter.place === 'undelivered' && (
        <dd>{letter.sessions.length === 0 ? 'everybody whom it names' : letter.sessions.join(', ')}</dd>
      )}
    </dl>
    <Json title="Body" text={letter.body} />
    <p>
      {letter.messageIds.length > 0 && (
        <Doing
          label="Put back"
          kind="primary"
          action={async () => {
            const said = await redrive(letter.place, false, letter.messageIds);
            onChange();
            return said;
          }}
        />
      )}
    </p>
  </aside>
);

interface ActionsProps {
  readonly place: Place | '';
  readonly shown: readonly DeadLetter[];
  readonly onProgress: (progress: readonly [number, number]) => void;
  readonly onChange: () => void;
}

const Actions = ({ place, shown, onProgress, onChange }: ActionsProps) => (
  <p class="actions">
    <Doing
      label="Dry run"
      action={async () => {
        const chosen = place === '' ? places : [place];
        return (await Promise.all(chosen.map(async (each) => `${each}: ${await redrive(each, true)}`))).join(' ');
      }}
    />
    <Doing
      label={`Put back all ${shown.length}`}
      kind="primary"
      question={`Put ${shown.length} back?`}
      action={async () => {
        onProgress([0, shown.length]);
        const said = await redriveAll(shown, (done) => {
          onProgress([done, shown.length]);
        });
        onChange();
        return said;
      }}
    />
    {place !== '' && (
      <Doing
        label={`Discard all in ${place}`}
        kind="danger"
        question={`Delete everything in ${place} for good?`}
        action={async () => {
          const { discarded } = await change<{ discarded: number }>('discard', { place });
          onChange();
          return `${discarded} discarded.`;
        }}
      />
    )}
  </p>
);

/** The three places in one list: dry run, put back, discard. */
export const DeadLetters = () => {
  const [place, setPlace] = useState<Place | ''>('');
  const [selected, setSelected] = useState<string>();
  const [progress, setProgress] = useState<readonly [number, number]>();
  const asked = useAsk<readonly DeadLetter[]>('dead-letters', {}, false);
  const shown = (asked.answer ?? []).filter((letter) => place === '' || letter.place === place);
  const letter = shown.find((each) => keyOf(each) === selected);
  return (
    <>
      <header>
        <h1>Dead letters</h1>
        <div class="tools">
          <select
            aria-label="Place"
            value={place}
            onChange={(event) => {
              setPlace(event.currentTarget.value as Place | '');
            }}
          >
            <option value="">All places</option>
            {places.map((each) => (
              <option key={each} value={each}>
                {each}
              </option>
            ))}
          </select>
          <button onClick={asked.again}>Look again</button>
        </div>
      </header>
      <Answered asked={asked}>
        {() =>
          shown.length === 0 ? (
            <Empty>Nothing waits: everything was delivered, or was put back.</Empty>
          ) : (
            <>
              <Actions place={place} shown={shown} onProgress={setProgress} onChange={asked.again} />
              <div class="split">
                <WindowedList
                  label="Dead letters"
                  kind="letters"
                  items={shown}
                  rowHeight={44}
                  keyOf={keyOf}
                  row={(each) => (
                    <button
                      class={`line ${keyOf(each) === selected ? 'selected' : ''}`}
                      onClick={() => {
                        setSelected(keyOf(each));
                      }}
                    >
                      <span class="dim">{timeOf(each.at)}</span>
                      <strong class="bad">{each.reason}</strong>
                      <span>{each.place}</span>
                      <span class="dim">{each.detail ?? each.body}</span>
                    </button>
                  )}
                />
                {letter && <Detail key={selected} letter={letter} onChange={asked.again} />}
              </div>
            </>
          )
        }
      </Answered>
      {progress && progress[0] < progress[1] && (
        <progress aria-label="Put back" value={progress[0]} max={progress[1]} />
      )}
    </>
  );
};

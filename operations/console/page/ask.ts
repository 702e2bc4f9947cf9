import { useCallback, useEffect, useState } from 'preact/hooks';

/** The text of something that was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const token = (): string => document.querySelector<HTMLMetaElement>('meta[name="console-token"]')?.content ?? '';

let clockOffset = 0;

/** Milliseconds that a Date header may be off, which has no fractions and takes a moment to arrive. */
const unnoticed = 5_000;

/** Epoch milliseconds, by the clock of the service: that of a local one may have been moved. */
export const now = (): number => Date.now() + clockOffset;

const read = async <Answer>(response: Response): Promise<Answer> => {
  const offset = Date.parse(response.headers.get('date') ?? '') - Date.now();
  if (Number.isFinite(offset)) clockOffset = Math.abs(offset) > unnoticed ? offset : 0;
  const value = (await response.json()) as Answer & { readonly error?: string };
  if (!response.ok) throw new Error(value.error ?? `The console answered ${response.status}.`);
  return value;
};

/** The service of the stack that this page shows, as its address says; none until one was chosen. */
const construct = new URLSearchParams(location.search).get('construct');

const addressOf = (name: string, parameters: Readonly<Record<string, string>> = {}): string => {
  const all = new URLSearchParams({ ...parameters, ...(construct !== null && { construct }) });
  return `/console/api/${name}?${all.toString()}`;
};

/** Asks the console's server. @throws Error whose message is a sentence */
export const ask = async <Answer>(name: string, parameters: Readonly<Record<string, string>> = {}): Promise<Answer> =>
  read(await fetch(addressOf(name, parameters)));

/** Changes something. @throws Error whose message is a sentence */
export const change = async <Answer>(name: string, body: object): Promise<Answer> =>
  read(
    await fetch(addressOf(name), {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-console-token': token() },
      body: JSON.stringify(body),
    }),
  );

export interface Asked<Answer> {
  readonly answer: Answer | undefined;
  readonly error: string | undefined;
  readonly again: () => void;
}

/** Milliseconds between two looks. */
const interval = 2_000;

/** The answer of a question, asked again every two seconds while the page is seen. @param live false to ask only once */
export const useAsk = <Answer>(
  name: string,
  parameters: Readonly<Record<string, string>> = {},
  live = true,
): Asked<Answer> => {
  const key = JSON.stringify([name, parameters]);
  const [state, setState] = useState<{ key: string; answer?: Answer; error?: string }>({ key });
  const [round, setRound] = useState(0);
  useEffect(() => {
    let isOver = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async (): Promise<void> => {
      if (document.visibilityState === 'visible') {
        try {
          const answer = await ask<Answer>(name, parameters);
          if (!isOver) setState({ key, answer });
        } catch (error) {
          if (!isOver) setState((known) => ({ ...known, key, error: messageOf(error) }));
        }
      }
      if (live && !isOver) timer = setTimeout(() => void look(), interval);
    };
    void look();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [key, live, round]);
  const again = useCallback(() => {
    setRound((known) => known + 1);
  }, []);
  const isCurrent = state.key === key;
  return { answer: isCurrent ? state.answer : undefined, error: isCurrent ? state.error : undefined, again };
};

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Browser, BrowserContext } from 'playwright-core';
import { chromium } from 'playwright-core';

const executable = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

const settings = [
  '--no-sandbox',
  '--disable-gpu',
  '--no-first-run',
  // Containers give /dev/shm too little room.
  '--disable-dev-shm-usage',
  // A tab that stands still stops no other, however little memory there is.
  '--renderer-process-limit=100',
  // Nothing calls home.
  '--disable-background-networking',
  '--disable-component-update',
];

/**
 * A Chromium with a profile of its own. It was not started by Playwright, so its tabs are hidden, throttled and frozen as
 * a user's are.
 */
export interface Chromium {
  readonly context: BrowserContext;
  /** Stops every process of it, as a machine that falls asleep does. */
  readonly sleep: () => void;
  readonly wake: () => void;
  readonly close: () => Promise<void>;
}

/** @throws Error that says how to get Chromium, if there is none. */
const checkExecutable = (): void => {
  if (existsSync(executable)) return;
  throw new Error(`No Chromium at ${executable}: install Debian's package chromium, or set CHROMIUM_PATH`);
};

/** A Chromium as Playwright starts it: each of its pages believes that it is in front. @throws Error if there is none */
export const launchChromium = async (flags: readonly string[] = []): Promise<Browser> => {
  checkExecutable();
  return chromium.launch({ executablePath: executable, args: [...settings, ...flags] });
};

export interface ChromiumOptions {
  readonly flags?: readonly string[];
  /** What the profile's file Preferences has. */
  readonly preferences?: object;
}

/** @throws Error if there is no Chromium */
export const startChromium = async ({ flags = [], preferences = {} }: ChromiumOptions = {}): Promise<Chromium> => {
  checkExecutable();
  const folder = await mkdtemp(join(tmpdir(), 'chromium-'));
  await mkdir(join(folder, 'Default'));
  await writeFile(join(folder, 'Default', 'Preferences'), JSON.stringify(preferences));
  const own = ['--headless', '--remote-debugging-port=0', `--user-data-dir=${folder}`, ...flags];
  const child = spawn(executable, [...settings, ...own, 'about:blank'], {
    // A process group of its own, so that it can be stopped as a whole.
    ...{ detached: true, stdio: ['ignore', 'ignore', 'pipe'] },
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const signal = (name: NodeJS.Signals): void => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, name);
  };
  const kill = (): void => {
    signal('SIGKILL');
  };
  process.once('exit', kill);
  const close = async (): Promise<void> => {
    kill();
    await ended;
    process.off('exit', kill);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  for await (const line of createInterface(child.stderr)) {
    const endpoint = /DevTools listening on (ws:\S+)/.exec(line)?.[1];
    if (!endpoint) continue;
    child.stderr.resume();
    const browser = await chromium.connectOverCDP(endpoint, { noDefaults: true });
    const [context] = browser.contexts();
    if (!context) break;
    return {
      context,
      sleep: () => {
        signal('SIGSTOP');
      },
      wake: () => {
        signal('SIGCONT');
      },
      close,
    };
  }
  await close();
  throw new Error('Chromium ended before it could be used');
};

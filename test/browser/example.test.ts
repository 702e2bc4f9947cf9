/** The example's page in Chromium. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { lazyExample } from '../../operations/start/example.ts';
import type { Emulator } from 'aws-template-emulator';
import { startService } from '../../operations/start/service.ts';
import { launchChromium } from './chromium.ts';

let runtime: Emulator;
let browser: Browser;

beforeAll(async () => {
  runtime = await startService({ sites: { '/example': lazyExample(() => runtime) } });
  browser = await launchChromium();
});

afterAll(async () => {
  await browser.close();
  await runtime.stop();
});

/** A browser of its own in which somebody has logged in. */
const logIn = async (name: string): Promise<Page> => {
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${runtime.url}/example`);
  await page.getByLabel('Who are you?').selectOption(name);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByText('Connected: ').waitFor();
  return page;
};

const send = async (page: Page, text: string, to: string, by: string): Promise<void> => {
  await page.getByLabel('Text').fill(text);
  await page.getByLabel('To', { exact: true }).selectOption(to);
  await page.getByLabel('By', { exact: true }).selectOption(by);
  await page.getByRole('button', { name: 'Send' }).click();
};

test('what one sends arrives where it should, as it was written', async () => {
  const [ada, ben] = [await logIn('Ada'), await logIn('Ben')];
  await send(ada, '<b>first</b>', 'everyone', 'notify');
  await ada.getByText('Sent: ').waitFor();
  for (const page of [ada, ben]) await page.getByText('Ada to everyone: <b>first</b>').waitFor();
  await send(ada, 'second', 'me', 'stream');
  await ada.getByText('Ada to me: second').waitFor();
  await send(ben, 'third', 'everyone', 'notify');
  await ben.getByText('Ben to everyone: third').waitFor();
  expect(await ben.getByRole('listitem').count()).toBe(2);
});

test('a reload keeps the login, and logging out ends it', async () => {
  const page = await logIn('Ben');
  await page.reload();
  await page.getByText('Connected: ').waitFor();
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.getByLabel('Who are you?').waitFor();
  await page.reload();
  await page.getByLabel('Who are you?').waitFor();
});

test('the page says what does not work', async () => {
  const page = await logIn('Ada');
  await page.context().clearCookies();
  await send(page, 'lost', 'everyone', 'notify');
  const alert = page.getByRole('alert');
  await alert.waitFor();
  expect(await alert.textContent()).toBe('That did not work. Nobody is logged in here.');
  expect(await page.getByRole('button', { name: 'Send' }).isEnabled()).toBe(true);
});

test('every control has a name, and the focus goes to what is next', async () => {
  const page = await logIn('Ada');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('text');
  const nameless = await page.evaluate(() =>
    [...document.querySelectorAll('input, select, button')]
      .filter((control) => !(control as HTMLInputElement).labels?.length && !control.textContent)
      .map(({ id }) => id),
  );
  expect(nameless).toEqual([]);
});

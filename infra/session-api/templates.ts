import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RequestTemplate } from './routes.ts';

const folder = join(import.meta.dirname, 'templates');
const read = (name: string): string => readFileSync(join(folder, `${name}.vtl`), 'utf8');

/** Stands for the machine's ARN in the request templates. */
const machinePlaceholder = 'STATE_MACHINE_ARN';

/** The template of a StartSyncExecution request. Nothing but the machine's ARN is put into it, and that at synthesis. */
export const requestTemplate = (name: RequestTemplate, stateMachineArn: string): string =>
  read(name).replace(machinePlaceholder, stateMachineArn);

/**
 * Sets the header that lets pages of these origins read an answer; empty without any.
 * The origins have been checked: none has a quote in it.
 */
export const originTemplate = (origins: readonly string[]): string =>
  origins.length === 0
    ? ''
    : read('allowed-origin').replace(
        'ORIGIN_IS_ALLOWED',
        origins.map((origin) => `$origin == "${origin}"`).join(' || '),
      );

/** The template that turns what StartSyncExecution answers into our answer. */
export const answerTemplate = (origins: readonly string[]): string => originTemplate(origins) + read('answer');

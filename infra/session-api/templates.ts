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

/** The template that turns what StartSyncExecution answers into our answer. */
export const answerTemplate = (): string => read('answer');

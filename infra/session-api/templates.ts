import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errors, type ErrorDefinition } from '../../client/shared/errors.ts';
import { folders } from '../files.ts';
import { publishLimits } from '../../client/shared/publish.ts';
import type { MachineRoute } from './routes.ts';

const read = (name: string): string => readFileSync(join(folders.templates, `${name}.vtl`), 'utf8');

/** The template of a StartSyncExecution request. Nothing that is put into it here comes from requests. */
export const executionRequest = ({ member }: Pick<MachineRoute, 'member'>, stateMachineArn: string): string =>
  read('execution-request')
    .replace('STATE_MACHINE_ARN', stateMachineArn)
    .replace('INPUT_BEGIN', member === undefined ? '' : `{\\"${member}\\":`)
    .replace('INPUT_END', member === undefined ? '' : '}');

/** The template of the event that a function is run with. */
export const functionRequest = (): string =>
  read('function-request').replace('MAX_BODY_KB', String(publishLimits.bodyBytes / 1000));

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

/**
 * A JSON text as a regular expression of Java's and of JavaScript's: no control characters, no escapes that JSON does not know.
 * 500 escapes are more than our own errors have, and Java's matcher, which recurses for each, takes thousands.
 */
const jsonText = String.raw`"[^"\\\x00-\x1f]*(\\(["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*){0,500}"`;
/** A member whose value is a text, a whole number or the empty trace of an error without a stack, which JSON has as `[""]`. */
const jsonMember = String.raw`"\w+": ?(${jsonText}|0|[1-9][0-9]{0,14}|\[(""|)\])`;

/** Matches an object with such members, as JSON.stringify writes it, or with a blank behind colons and commas as Python does. */
const flatObject = String.raw`^\{${jsonMember}(, ?${jsonMember})*\}$`;

/** Sets `$code` and `$message` by the error's name. A name that is not in the table is UpstreamFailed. */
const statusOfError = (): string => {
  const answer = ({ status, when }: ErrorDefinition): string => `#set($code = ${status})\n#set($message = "${when}")\n`;
  const branches = Object.entries(errors).map(([name, error]) => `if($error == "${name}")\n${answer(error)}`);
  const otherwise = `#set($error = "UpstreamFailed")\n#set($body = "")\n${answer(errors.UpstreamFailed)}`;
  return `#${branches.join('#else')}#else\n${otherwise}#end`;
};

/** The part of an answer's template that answers with an error. */
const errorAnswer = (): string => read('error-answer').replace('STATUS_OF_ERROR', statusOfError);

const answer = (name: string, origins: readonly string[]): string =>
  originTemplate(origins) +
  read(name)
    .replace('FLAT_OBJECT', () => flatObject)
    .replace('ERROR_ANSWER', errorAnswer);

/** The template that turns what StartSyncExecution answers into our answer. */
export const executionAnswer = (origins: readonly string[]): string => answer('execution-answer', origins);

/** The template that turns what a function answers into our answer. */
export const functionAnswer = (origins: readonly string[]): string => answer('function-answer', origins);

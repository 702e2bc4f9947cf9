import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { MappingTemplateInput } from 'aws-template-emulator';
import { tools } from '../tools.ts';

/** What a template made: its text, and what it set in `$context.responseOverride`; or that it failed. */
export type Rendered =
  | { readonly output: string; readonly status: number | null; readonly headers: Readonly<Record<string, string>> }
  | { readonly error: string };

/** The settings with which each version does what AWS documents of its templates. */
const settings = {
  '1.7': ['runtime.log.logsystem.class=org.apache.velocity.runtime.log.NullLogChute'],
  // Names such as $context.responseOverride.header.Access-Control-Allow-Origin; version 1.7 reads them without being told.
  '2.4': ['parser.allow_hyphen_in_identifiers=true'],
} as const;

export type Version = keyof typeof settings;

/** Where Java finds a Velocity, what it needs, and Render. */
export const classPath = (version: Version): string => {
  const folder = join(tools, 'velocity', version);
  return [folder, join(folder, 'lib', '*')].join(':');
};

/** What `$input.path` gives for a path that leads to nothing: AWS does not say. */
export type Missing = null | '';

/** An Apache Velocity in a Java process. `await using` ends it. */
export const startVelocity = (version: Version) => {
  const java = spawn('java', ['-Xmx300m', '-cp', classPath(version), 'Render', ...settings[version]], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const answers = createInterface(java.stdout)[Symbol.asyncIterator]();
  return {
    /** Renders a template with each of the inputs, in their order. */
    async render(template: string, inputs: readonly MappingTemplateInput[], missing: Missing): Promise<Rendered[]> {
      const rendered: Rendered[] = [];
      for (const { body = '', path = {}, querystring = {}, header = {} } of inputs) {
        java.stdin.write(`${JSON.stringify({ template, body, path, querystring, header, missing })}\n`);
        const answer = await answers.next();
        if (answer.done) throw new Error(`Velocity ${version} ended: ${JSON.stringify({ template, body })}`);
        rendered.push(JSON.parse(answer.value) as Rendered);
      }
      return rendered;
    },
    async [Symbol.asyncDispose](): Promise<void> {
      const ended = new Promise((resolve) => java.once('close', resolve));
      java.stdin.end();
      await ended;
    },
  };
};

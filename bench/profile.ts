/**
 * `node bench/profile.ts <file.cpuprofile>`: how the thread of the emulated services spent its time, in percent, from a profile
 * that `NODE_OPTIONS=--cpu-prof` has written.
 */
import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { partOf } from './profile-parts.ts';

const nodeSchema = z.object({
  id: z.number(),
  callFrame: z.object({ functionName: z.string(), url: z.string() }),
  children: z.optional(z.array(z.number())),
});

type ProfileNode = z.infer<typeof nodeSchema>;

const profileSchema = z.object({
  nodes: z.array(nodeSchema),
  samples: z.array(z.number()),
  /** Microseconds. */
  timeDeltas: z.array(z.number()),
});

const { nodes, samples, timeDeltas } = profileSchema.parse(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')));
const byId = new Map(nodes.map((node) => [node.id, node]));
const self = new Map<number, number>();
for (const [at, id] of samples.entries()) self.set(id, (self.get(id) ?? 0) + (timeDeltas[at] ?? 0));

const busy = new Map<string, number>();
const visit = (node: ProfileNode, above: string): void => {
  const { functionName, url } = node.callFrame;
  const stack = `${above}\n${functionName} ${url}`;
  const time = self.get(node.id) ?? 0;
  if (time > 0 && functionName !== '(idle)' && functionName !== '(root)') {
    const part = partOf(stack);
    busy.set(part, (busy.get(part) ?? 0) + time);
  }
  for (const child of (node.children ?? []).flatMap((id) => byId.get(id) ?? [])) visit(child, stack);
};
if (nodes[0]) visit(nodes[0], '');

const total = [...busy.values()].reduce((sum, time) => sum + time, 0);
for (const [part, time] of [...busy].sort(([, a], [, b]) => b - a))
  console.log(`${((100 * time) / total).toFixed(1).padStart(5)} %  ${part}`);

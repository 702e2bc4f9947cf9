/** A machine's definition as nodes and edges. */

export interface StateNode {
  readonly id: string;
  readonly type: string;
  /** The Map or Parallel it is in. */
  readonly parent: string | undefined;
}

export interface StateEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: 'next' | 'choice' | 'catch';
}

export interface MachineGraph {
  readonly nodes: readonly StateNode[];
  readonly edges: readonly StateEdge[];
}

interface State {
  readonly Type?: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly End?: boolean;
  readonly Choices?: readonly { readonly Next?: string }[];
  readonly Catch?: readonly { readonly Next: string }[];
  readonly ItemProcessor?: States;
  readonly Iterator?: States;
  readonly Branches?: readonly States[];
}

interface States {
  readonly StartAt?: string;
  readonly States?: Readonly<Record<string, State>>;
}

/** The nodes that begin and end the machine itself. */
export const start = '▶';
export const end = '■';

const edgesOf = (name: string, state: State): StateEdge[] => [
  ...(state.Next === undefined ? [] : [{ from: name, to: state.Next, kind: 'next' } as const]),
  ...(state.Choices ?? []).flatMap(({ Next }) =>
    Next === undefined ? [] : [{ from: name, to: Next, kind: 'choice' } as const],
  ),
  ...(state.Default === undefined ? [] : [{ from: name, to: state.Default, kind: 'choice' } as const]),
  ...(state.Catch ?? []).map(({ Next }) => ({ from: name, to: Next, kind: 'catch' }) as const),
];

const collect = (
  definition: States,
  parent: string | undefined,
  into: { nodes: StateNode[]; edges: StateEdge[] },
): void => {
  for (const [name, state] of Object.entries(definition.States ?? {})) {
    const { Type: type = 'Pass', ItemProcessor, Iterator: iterator, Branches = [] } = state;
    into.nodes.push({ id: name, type, parent });
    into.edges.push(...edgesOf(name, state));
    for (const inner of [ItemProcessor, iterator, ...Branches]) if (inner) collect(inner, name, into);
  }
};

const isLast = (type: string, edges: readonly StateEdge[], id: string): boolean =>
  type === 'Succeed' || type === 'Fail' || !edges.some(({ from, kind }) => from === id && kind !== 'catch');

/** Reads a definition in the Amazon States Language. */
export const readGraph = (definition: unknown): MachineGraph => {
  const machine = definition as States;
  const graph: { nodes: StateNode[]; edges: StateEdge[] } = { nodes: [], edges: [] };
  collect(machine, undefined, graph);
  if (machine.StartAt === undefined) return graph;
  const last = graph.nodes.filter(({ id, type, parent }) => parent === undefined && isLast(type, graph.edges, id));
  const seen = new Set<string>();
  const edges = [
    { from: start, to: machine.StartAt, kind: 'next' } as const,
    ...graph.edges,
    ...last.map(({ id }) => ({ from: id, to: end, kind: 'next' }) as const),
  ].filter(({ from, to }) => !seen.has(`${from}\n${to}`) && Boolean(seen.add(`${from}\n${to}`)));
  const ends = [start, end].map((id) => ({ id, type: 'End', parent: undefined }));
  return { nodes: [...ends, ...graph.nodes], edges };
};

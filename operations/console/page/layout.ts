/** Where each state and each edge of a machine's graph is drawn, in pixels. */
import * as dagre from '@dagrejs/dagre';
import type { MachineGraph, StateNode } from './machine-graph.ts';

/** What is used of dagre, whose own declarations do not resolve as an ES module's. */
interface Dagre {
  readonly Graph: new (options: { compound: boolean; multigraph: boolean }) => LayoutGraph;
  readonly layout: (graph: LayoutGraph) => void;
}

interface LayoutGraph {
  setGraph(label: object): void;
  setDefaultEdgeLabel(label: () => object): void;
  setNode(id: string, label: object): void;
  setParent(id: string, parent: string): void;
  setEdge(from: string, to: string, label: object, name: string): void;
  node(id: string): Box;
  edges(): readonly { readonly v: string; readonly w: string; readonly name?: string }[];
  edge(edge: object): { readonly points: readonly Point[]; readonly kind: string };
}

const { Graph, layout } = dagre as unknown as Dagre;

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Layout {
  /** The corner from which the picture begins: edges may lead around the leftmost box. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly boxes: ReadonlyMap<string, Box>;
  readonly lines: readonly {
    readonly points: readonly Point[];
    readonly kind: string;
    readonly key: string;
  }[];
}

const sizeOf = ({ id, type }: StateNode): { width: number; height: number } =>
  type === 'End' ? { width: 28, height: 28 } : { width: Math.max(96, 8 * id.length + 28), height: 38 };

/** An edge of a compound node is drawn from the first of its states. */
const drawn = (id: string, graph: MachineGraph): string => {
  const inner = graph.nodes.find(({ parent }) => parent === id);
  return inner ? drawn(inner.id, graph) : id;
};

export const place = (graph: MachineGraph): Layout => {
  const graphLayout = new Graph({ compound: true, multigraph: true });
  graphLayout.setGraph({ rankdir: 'TB', nodesep: 28, ranksep: 34, marginx: 12, marginy: 12 });
  graphLayout.setDefaultEdgeLabel(() => ({}));
  const compound = new Set(graph.nodes.flatMap(({ parent }) => parent ?? []));
  for (const node of graph.nodes) {
    graphLayout.setNode(node.id, compound.has(node.id) ? {} : sizeOf(node));
    if (node.parent !== undefined) graphLayout.setParent(node.id, node.parent);
  }
  for (const { from, to, kind } of graph.edges) {
    graphLayout.setEdge(drawn(from, graph), drawn(to, graph), { kind }, `${from}>${to}`);
  }
  layout(graphLayout);
  const boxes = new Map(
    graph.nodes.map(({ id }) => {
      const box = graphLayout.node(id);
      return [id, compound.has(id) ? withLabel(box) : box];
    }),
  );
  const lines = graphLayout.edges().map((edge) => {
    const { points, kind } = graphLayout.edge(edge);
    return { points, kind, key: `${edge.v}>${edge.w}>${edge.name ?? ''}` };
  });
  return { ...extent([...boxes.values()], lines), boxes, lines };
};

/** Pixels that the name of a compound node takes above what is in it. */
const labelHeight = 20;

const withLabel = ({ x, y, width, height }: Box): Box => ({
  ...{ x, width: width + 12, y: y - labelHeight / 2, height: height + labelHeight },
});

/** Pixels around the picture. */
const margin = 6;

/** What all boxes and lines take together. */
const extent = (boxes: readonly Box[], lines: Layout['lines']): Pick<Layout, 'left' | 'top' | 'width' | 'height'> => {
  const points = lines.flatMap((line) => line.points);
  const xs = [...points.map(({ x }) => x), ...boxes.flatMap(({ x, width }) => [x - width / 2, x + width / 2])];
  const ys = [...points.map(({ y }) => y), ...boxes.flatMap(({ y, height }) => [y - height / 2, y + height / 2])];
  const [left, top] = [Math.min(0, ...xs) - margin, Math.min(0, ...ys) - margin];
  return { left, top, width: Math.max(0, ...xs) + margin - left, height: Math.max(0, ...ys) + margin - top };
};

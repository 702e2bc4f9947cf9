/** @jsxImportSource preact */
import { useMemo } from 'preact/hooks';
import type { Box, Point } from './layout.ts';
import { place } from './layout.ts';
import type { StateNode } from './machine-graph.ts';
import { readGraph } from './machine-graph.ts';
import type { Visit } from './run-model.ts';
import { statusOf } from './run-model.ts';

const pathOf = (points: readonly Point[]): string =>
  points.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${x.toFixed(1)},${y.toFixed(1)}`).join(' ');

interface GraphProps {
  readonly definition: unknown;
  readonly visits: readonly Visit[];
  readonly selected: string | undefined;
  readonly onSelect: (state: string) => void;
}

const labelOf = (visits: readonly Visit[]): string => {
  const last = visits.findLast(({ iterations }) => iterations)?.iterations;
  if (last) return ` ${last.succeeded}/${last.total}${last.failed > 0 ? `, ${last.failed} failed` : ''}`;
  const retries = visits.reduce((sum, { attempts }) => sum + Math.max(0, attempts - 1), 0);
  const times = visits.length > 1 ? ` ×${visits.length}` : '';
  return `${times}${retries > 0 ? ` ↻${retries}` : ''}`;
};

/** The machine as a picture, each state in the colour of what happened there. */
export const RunGraph = ({ definition, visits, selected, onSelect }: GraphProps) => {
  const graph = useMemo(() => readGraph(definition), [definition]);
  const { left, top, width, height, boxes, lines } = useMemo(() => place(graph), [graph]);
  const compound = new Set(graph.nodes.flatMap(({ parent }) => parent ?? []));
  return (
    <svg
      class="graph"
      viewBox={`${left} ${top} ${width} ${height}`}
      style={{ maxWidth: `${width}px` }}
      role="img"
      aria-label="The machine’s states"
    >
      <defs>
        <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
          <path d="M0,0 L8,4 L0,8 z" />
        </marker>
      </defs>
      {graph.nodes
        .filter(({ id }) => compound.has(id))
        .map((node) => (
          <StateBox
            key={node.id}
            node={node}
            box={boxes.get(node.id)}
            isGroup
            visits={visits}
            selected={selected}
            onSelect={onSelect}
          />
        ))}
      {lines.map(({ points, kind, key }) => (
        <path key={key} class={`edge ${kind}`} d={pathOf(points)} marker-end="url(#arrow)" />
      ))}
      {graph.nodes
        .filter(({ id }) => !compound.has(id))
        .map((node) => (
          <StateBox
            key={node.id}
            node={node}
            box={boxes.get(node.id)}
            isGroup={false}
            visits={visits}
            selected={selected}
            onSelect={onSelect}
          />
        ))}
    </svg>
  );
};

interface StateBoxProps extends Omit<GraphProps, 'definition'> {
  readonly node: StateNode;
  readonly box: Box | undefined;
  readonly isGroup: boolean;
}

const StateBox = ({ node, box, isGroup, visits, selected, onSelect }: StateBoxProps) => {
  if (!box) return null;
  const { x, y, width, height } = box;
  if (node.type === 'End') {
    return (
      <g class="terminal">
        <circle cx={x} cy={y} r="12" />
        <text x={x} y={y + 4}>
          {node.id}
        </text>
      </g>
    );
  }
  const own = visits.filter(({ state }) => state === node.id);
  const status = statusOf(own) ?? 'none';
  const classes = `state ${status} ${isGroup ? 'group' : ''} ${selected === node.id ? 'selected' : ''}`;
  return (
    <g
      class={classes}
      role="button"
      tabIndex={0}
      aria-label={`${node.id}, ${node.type}, ${status === 'none' ? 'not entered' : status}`}
      onClick={() => {
        onSelect(node.id);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' || event.key === ' ') onSelect(node.id);
      }}
    >
      <rect x={x - width / 2} y={y - height / 2} width={width} height={height} rx={node.type === 'Choice' ? 18 : 6} />
      <text x={x} y={isGroup ? y - height / 2 + 15 : y + 4}>
        {node.id}
        <tspan class="count">{labelOf(own)}</tspan>
      </text>
    </g>
  );
};

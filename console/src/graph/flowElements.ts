import { Position } from '@xyflow/react';
import type { FlowEdge } from './EdgeView';
import { edgeColor, edgeWidth, mostCalls, NODE_HEIGHT, NODE_WIDTH, radii } from './measures';
import type { FlowNode } from './NodeView';
import { directRoute } from './route';
import type { Layout } from './structure';
import {
  edgeId,
  isSelectedEdge,
  type MapEdge,
  type MapNode,
  type MapSelection,
  type Marks,
  type NodeSize,
} from './types';
import type { MapTexts } from './useMapTexts';

/** All that decides how a map looks. */
export interface Look {
  nodes: readonly MapNode[];
  edges: readonly MapEdge[];
  layout: Layout;
  size: NodeSize;
  seconds: number | null;
  selection: MapSelection | null;
  /** Keys of the nodes that are not dimmed; null for all */
  matches: ReadonlySet<string> | null;
  /** What stands out; null where nothing does */
  marks: Marks | null;
  /** The node that Tab leads to */
  entry: string | null;
  texts: MapTexts;
}

/** What React Flow draws, by identity. */
export interface FlowElements {
  nodes: FlowNode[];
  edges: FlowEdge[];
}

const SIZE = { width: NODE_WIDTH, height: NODE_HEIGHT };
const HANDLE = { y: NODE_HEIGHT / 2, width: 1, height: 1 };
// Known beforehand, so that nothing waits for the browser to measure it.
const HANDLES: NonNullable<FlowNode['handles']> = [
  { type: 'target', position: Position.Left, x: 0, ...HANDLE },
  { type: 'source', position: Position.Right, x: NODE_WIDTH, ...HANDLE },
];

/** The elements of a map. Those that look as `before` are the same objects: React Flow leaves them alone. */
export function flowElements(look: Look, before: FlowElements | null): FlowElements {
  const { nodes, edges, layout, selection, matches, texts } = look;
  const radiusOf = radii(nodes, look.size);
  const nameOf = new Map(nodes.map((node) => [node.key, texts.name(node)]));
  const most = mostCalls(edges);
  const oldNodes = new Map(before?.nodes.map((node) => [node.id, node]));
  const oldEdges = new Map(before?.edges.map((edge) => [edge.id, edge]));
  return {
    nodes: nodes.flatMap((node): FlowNode[] => {
      const position = layout.positions.get(node.key);
      if (!position) return [];
      const data = {
        node,
        radius: radiusOf.get(node.key) ?? 0,
        seconds: look.seconds,
        isSelected: selection?.kind === 'node' && selection.key === node.key,
        isDim: matches !== null && !matches.has(node.key),
        mark: look.marks?.nodes.get(node.key) ?? null,
        isEntry: look.entry === node.key,
      };
      const old = oldNodes.get(node.key);
      if (old && old.position.x === position.x && old.position.y === position.y && isSame(old.data, data)) return [old];
      return [{ id: node.key, type: 'service', position, ...SIZE, measured: SIZE, handles: HANDLES, data }];
    }),
    edges: edges.flatMap((edge): FlowEdge[] => {
      const [source, target] = [layout.positions.get(edge.source), layout.positions.get(edge.target)];
      const [sourceName, targetName] = [nameOf.get(edge.source), nameOf.get(edge.target)];
      if (!source || !target || sourceName === undefined || targetName === undefined) return [];
      const id = edgeId(edge);
      const old = oldEdges.get(id);
      const data = {
        edge,
        route: layout.routes.get(id) ?? directRoute(source, target),
        width: edgeWidth(edge.statistics.requests, most),
        color: edgeColor(edge.statistics),
        mark: look.marks?.edges.get(id) ?? null,
        sentence: texts.edge(edge, sourceName, targetName),
        isSelected: isSelectedEdge(edge, selection),
        isDim: matches !== null && !(matches.has(edge.source) && matches.has(edge.target)),
      };
      if (old?.data && isSame(old.data, data)) return [old];
      return [{ id, type: 'calls', source: edge.source, target: edge.target, data }];
    }),
  };
}

function isSame(a: Record<string, unknown>, b: Record<string, unknown>): boolean {
  return Object.keys(b).every((key) => a[key] === b[key]);
}

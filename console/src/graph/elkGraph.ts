import type { ElkExtendedEdge, ElkNode } from 'elkjs/lib/elk-api';
import { NODE_HEIGHT, NODE_WIDTH } from './measures';
import type { Layout, Structure } from './structure';
import type { Point } from './types';

// Source: https://eclipse.dev/elk/reference/options.html
const OPTIONS = {
  'elk.algorithm': 'layered',
  'elk.direction': 'RIGHT',
  'elk.edgeRouting': 'SPLINES',
  'elk.randomSeed': '1',
  // Half the time of the usual 7, and no more crossings on maps of 50 and of 200 nodes
  'elk.layered.thoroughness': '3',
  'elk.aspectRatio': '1.8',
  'elk.padding': '[top=0,left=0,bottom=0,right=0]',
  'elk.spacing.nodeNode': '16',
  'elk.spacing.edgeNode': '14',
  'elk.spacing.edgeEdge': '12',
  'elk.spacing.componentComponent': '40',
  'elk.layered.spacing.nodeNodeBetweenLayers': '112',
  'elk.layered.spacing.edgeNodeBetweenLayers': '24',
  'elk.layered.considerModelOrder.components': 'FORCE_MODEL_ORDER',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
};

/** The question to ELK: boxes with one port in the middle of each side. */
export function elkGraph(structure: Structure, before: Layout | null): ElkNode {
  const hasCallers = new Set(structure.edges.map((edge) => edge.target));
  return {
    id: 'map',
    layoutOptions: {
      ...OPTIONS,
      ...(before ? { 'elk.layered.crossingMinimization.semiInteractive': 'true' } : {}),
    },
    children: structure.nodes.map((node) => {
      const place = before?.positions.get(node.key);
      return {
        id: node.key,
        width: NODE_WIDTH,
        height: NODE_HEIGHT,
        layoutOptions: {
          'elk.portConstraints': 'FIXED_POS',
          ...(node.isClient && !hasCallers.has(node.key) ? { 'elk.layered.layering.layerConstraint': 'FIRST' } : {}),
          ...(place ? { 'elk.position': `(${place.x},${place.y})` } : {}),
        },
        ports: [port(portId(node.key, 'in'), 0, 'WEST'), port(portId(node.key, 'out'), NODE_WIDTH, 'EAST')],
      };
    }),
    edges: structure.edges.map((edge) => ({
      id: edge.id,
      sources: [portId(edge.source, 'out')],
      targets: [portId(edge.target, 'in')],
    })),
  };
}

/** The layout in ELK's answer. */
export function layoutOf(answer: ElkNode): Layout {
  return {
    positions: new Map((answer.children ?? []).map((node) => [node.id, { x: node.x ?? 0, y: node.y ?? 0 }])),
    routes: new Map((answer.edges ?? []).map((edge) => [edge.id, routeOf(edge)])),
  };
}

function port(id: string, x: number, side: 'EAST' | 'WEST') {
  return { id, x, y: NODE_HEIGHT / 2, width: 0, height: 0, layoutOptions: { 'elk.port.side': side } };
}

function portId(key: string, way: 'in' | 'out'): string {
  return JSON.stringify([key, way]);
}

/** ELK's splines are a start and triples of points; a line with other bend points is taken as straight pieces. */
function routeOf(edge: ElkExtendedEdge): Point[] {
  const [section] = edge.sections ?? [];
  if (!section) return [];
  const points = [section.startPoint, ...(section.bendPoints ?? []), section.endPoint];
  if (points.length % 3 === 1) return points;
  return points.flatMap((point, index) => {
    const before = points[index - 1];
    if (!before) return [point];
    return [between(before, point, 1 / 3), between(before, point, 2 / 3), point];
  });
}

function between(a: Point, b: Point, share: number): Point {
  return { x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share };
}

import { edgeId, type MapEdge, type MapNode, type Point } from './types';

/** Where nodes are (left upper corners) and along which points edges run: a start, then cubic Bézier triples. */
export interface Layout {
  positions: ReadonlyMap<string, Point>;
  routes: ReadonlyMap<string, readonly Point[]>;
}

/** What of a map decides its layout: who is there and who calls whom, in a stable order. Figures do not. */
export interface Structure {
  nodes: readonly { key: string; isClient: boolean }[];
  edges: readonly { id: string; source: string; target: string }[];
  /** equal for equal structures */
  id: string;
}

/** The structure of a map; edges whose ends are not both there are left out. */
export function structureOf(nodes: readonly MapNode[], edges: readonly MapEdge[]): Structure {
  const known = new Set(nodes.map((node) => node.key));
  const structure = {
    nodes: nodes
      .map((node) => ({ key: node.key, isClient: node.is_client }))
      .sort((a, b) => Number(b.isClient) - Number(a.isClient) || compare(a.key, b.key)),
    edges: edges
      .filter((edge) => known.has(edge.source) && known.has(edge.target))
      .map((edge) => ({ id: edgeId(edge), source: edge.source, target: edge.target }))
      .sort((a, b) => compare(a.id, b.id)),
  };
  return {
    ...structure,
    id: JSON.stringify([structure.nodes.map((node) => node.key), structure.edges.map((edge) => edge.id)]),
  };
}

/** Whether a layout has a place for everything in a structure. */
export function covers(layout: Layout, structure: Structure): boolean {
  return (
    structure.nodes.every((node) => layout.positions.has(node.key)) &&
    structure.edges.every((edge) => layout.routes.has(edge.id))
  );
}

/** A layout moved as a whole so that the nodes it shares with the one before move as little as possible. */
export function settle(next: Layout, before: Layout | null): Layout {
  if (!before) return next;
  const shared = [...next.positions].flatMap(([key, place]) => {
    const old = before.positions.get(key);
    return old ? [{ x: old.x - place.x, y: old.y - place.y }] : [];
  });
  if (shared.length === 0) return next;
  const by = { x: median(shared.map((each) => each.x)), y: median(shared.map((each) => each.y)) };
  const move = (point: Point) => ({ x: point.x + by.x, y: point.y + by.y });
  return {
    positions: new Map([...next.positions].map(([key, place]) => [key, move(place)])),
    routes: new Map([...next.routes].map(([id, points]) => [id, points.map(move)])),
  };
}

function median(values: number[]): number {
  const sorted = values.sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

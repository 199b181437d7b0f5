import { NODE_HEIGHT, NODE_WIDTH } from './measures';
import { directRoute } from './route';
import type { Layout, Structure } from './structure';
import type { Point } from './types';

// Pixels from a column to the next, and between nodes of a column
const COLUMN = NODE_WIDTH + 112;
const GAP = 16;
// More news than this part of a map is laid out anew.
const MOST_NEW = 0.2;

/**
 * A layout with what is new in a structure fitted in, and nothing else moved: new nodes stand in free places one column
 * after what calls them, or before what they call. Null where too much is new for that.
 */
export function fitIn(structure: Structure, before: Layout): Layout | null {
  const fresh = structure.nodes.filter((node) => !before.positions.has(node.key)).map((node) => node.key);
  if (fresh.length > Math.max(1, structure.nodes.length * MOST_NEW)) return null;
  const positions = new Map(before.positions);
  const neighbours = (key: string, near: 'source' | 'target', far: 'source' | 'target') =>
    structure.edges.flatMap((edge) => (edge[near] === key ? (positions.get(edge[far]) ?? []) : []));
  const waiting = new Set(fresh);
  while (waiting.size > 0) {
    // What is connected to something placed comes first: the rest may be connected to it.
    const keys = [...waiting];
    const key =
      keys.find(
        (each) => neighbours(each, 'target', 'source').length + neighbours(each, 'source', 'target').length > 0,
      ) ?? keys[0];
    if (key === undefined) break;
    waiting.delete(key);
    positions.set(
      key,
      freePlace(wish(neighbours(key, 'target', 'source'), neighbours(key, 'source', 'target'), positions), positions),
    );
  }
  const routes = new Map(before.routes);
  for (const edge of structure.edges) {
    const [source, target] = [positions.get(edge.source), positions.get(edge.target)];
    if (source && target && !routes.has(edge.id)) routes.set(edge.id, directRoute(source, target));
  }
  return { positions, routes };
}

/** Where a node would stand best, whoever stands there. */
function wish(callers: readonly Point[], called: readonly Point[], positions: ReadonlyMap<string, Point>): Point {
  const [connected, x] = callers.length
    ? [callers, Math.max(...callers.map((place) => place.x)) + COLUMN]
    : [called, Math.min(...called.map((place) => place.x)) - COLUMN];
  if (connected.length > 0) return { x, y: connected.reduce((sum, place) => sum + place.y, 0) / connected.length };
  const all = [...positions.values()];
  if (all.length === 0) return { x: 0, y: 0 };
  return {
    x: Math.min(...all.map((place) => place.x)),
    y: Math.max(...all.map((place) => place.y)) + NODE_HEIGHT + GAP,
  };
}

/** The free place nearest to a wish, above or below it. */
function freePlace(wished: Point, positions: ReadonlyMap<string, Point>): Point {
  const taken = [...positions.values()].filter((place) => Math.abs(place.x - wished.x) < NODE_WIDTH + GAP);
  const candidates = taken
    .flatMap((place) => [place.y - NODE_HEIGHT - GAP, place.y + NODE_HEIGHT + GAP])
    .concat(wished.y)
    .sort((a, b) => Math.abs(a - wished.y) - Math.abs(b - wished.y));
  const y = candidates.find((each) => taken.every((place) => Math.abs(place.y - each) >= NODE_HEIGHT + GAP));
  return { x: wished.x, y: y ?? wished.y };
}

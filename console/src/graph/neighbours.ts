import type { Layout } from './structure';
import type { MapEdge, Point } from './types';

export type Way = 'left' | 'right' | 'up' | 'down';

const WAYS: ReadonlyMap<string, Way> = new Map([
  ['ArrowLeft', 'left'],
  ['ArrowRight', 'right'],
  ['ArrowUp', 'up'],
  ['ArrowDown', 'down'],
]);

/** The key pressed, as a way to go; null for any other key. */
export function wayOf(key: string): Way | null {
  return WAYS.get(key) ?? null;
}

/**
 * The node that an arrow key leads to: right to what a node calls, left to what calls it, up and down to the nearest
 * node above or below. Of several the nearest; null where there is none.
 */
export function nextNode(from: string, way: Way, layout: Layout, edges: readonly MapEdge[]): string | null {
  const here = layout.positions.get(from);
  if (!here) return null;
  if (way === 'up' || way === 'down') {
    const sign = way === 'down' ? 1 : -1;
    // A step aside counts four times: the nearest node of the same column comes first.
    return nearest([...layout.positions.keys()], layout, (place) => {
      const ahead = (place.y - here.y) * sign;
      return ahead > 0 ? ahead + 4 * Math.abs(place.x - here.x) : null;
    });
  }
  const connected = edges.flatMap((edge) => {
    const [near, far] = way === 'right' ? [edge.source, edge.target] : [edge.target, edge.source];
    return near === from && far !== from ? [far] : [];
  });
  return nearest(connected, layout, (place) => Math.hypot(place.x - here.x, place.y - here.y));
}

/** The nodes from left to right, then downwards: the order in which they are met. */
export function readingOrder(layout: Layout): string[] {
  return [...layout.positions].sort(([, a], [, b]) => a.x - b.x || a.y - b.y).map(([key]) => key);
}

/** A node and all that it calls or that call it. */
export function neighbourhood(key: string, edges: readonly MapEdge[]): Set<string> {
  const found = new Set([key]);
  for (const edge of edges) {
    if (edge.source === key) found.add(edge.target);
    if (edge.target === key) found.add(edge.source);
  }
  return found;
}

function nearest(keys: readonly string[], layout: Layout, far: (place: Point) => number | null): string | null {
  let best: { key: string; distance: number } | null = null;
  for (const key of keys) {
    const place = layout.positions.get(key);
    const distance = place ? far(place) : null;
    if (distance !== null && (!best || distance < best.distance)) best = { key, distance };
  }
  return best?.key ?? null;
}

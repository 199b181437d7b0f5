import { NODE_HEIGHT, NODE_WIDTH } from './measures';
import type { Point } from './types';

/** Pixels between the end of a line and the node: the arrow head stands there. */
export const ARROW_LENGTH = 9;

/** A line to be drawn: its path, where its text stands, and where its arrow points. */
export interface Drawn {
  path: string;
  label: Point;
  tip: Point;
}

/** The line along a route, a start and cubic Bézier triples, which reaches its end from the left. */
export function draw(route: readonly Point[]): Drawn {
  const [first = { x: 0, y: 0 }, ...rest] = route;
  const tip = rest.at(-1) ?? first;
  const curves: string[] = [];
  const triples: Point[][] = [];
  let from = first;
  for (let at = 0; at + 2 < rest.length; at += 3) {
    const [a, b, end] = [rest[at], rest[at + 1], rest[at + 2]];
    if (!a || !b || !end) break;
    const to = end === tip ? { x: tip.x - ARROW_LENGTH, y: tip.y } : end;
    curves.push(`C${text(a)} ${text(b)} ${text(to)}`);
    triples.push([from, a, b, to]);
    from = to;
  }
  return { path: `M${text(first)} ${curves.join(' ')}`, label: middle(triples, first, tip), tip };
}

/** A route where the layout has none (a node has moved meanwhile): from the right of one box to the left of another. */
export function directRoute(source: Point, target: Point): Point[] {
  const from = { x: source.x + NODE_WIDTH, y: source.y + NODE_HEIGHT / 2 };
  const to = { x: target.x, y: target.y + NODE_HEIGHT / 2 };
  const reach = Math.max(40, Math.abs(to.x - from.x) / 2);
  return [from, { x: from.x + reach, y: from.y }, { x: to.x - reach, y: to.y }, to];
}

/** The point halfway along, measured by the ends of the curves. */
function middle(curves: readonly Point[][], first: Point, last: Point): Point {
  const lengths = curves.map(([from, , , to]) => (from && to ? Math.hypot(to.x - from.x, to.y - from.y) : 0));
  let left = lengths.reduce((sum, length) => sum + length, 0) / 2;
  for (const [index, curve] of curves.entries()) {
    const length = lengths[index] ?? 0;
    if (left <= length && length > 0) return pointOf(curve, left / length);
    left -= length;
  }
  return { x: (first.x + last.x) / 2, y: (first.y + last.y) / 2 };
}

function pointOf([a, b, c, d]: readonly Point[], t: number): Point {
  if (!a || !b || !c || !d) return { x: 0, y: 0 };
  const u = 1 - t;
  const along = (axis: 'x' | 'y') =>
    u ** 3 * a[axis] + 3 * u * u * t * b[axis] + 3 * u * t * t * c[axis] + t ** 3 * d[axis];
  return { x: along('x'), y: along('y') };
}

function text(point: Point): string {
  return `${Math.round(point.x * 10) / 10},${Math.round(point.y * 10) / 10}`;
}

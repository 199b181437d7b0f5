import type { MapEdge, MapNode, NodeSize, Statistics } from './types';

/** Pixels of a node's box: the ring in its cell, four lines of text beside it. */
export const NODE_WIDTH = 216;
export const NODE_HEIGHT = 68;
export const RING_CELL = NODE_HEIGHT;
export const RING_STROKE = 6;

const RADIUS_PLAIN = 25;
const RADIUS_LEAST = 17;
const RADIUS_MOST = 30;
const WIDTH_LEAST = 1.5;
const WIDTH_MOST = 6;

export const OUTCOMES = ['ok', 'error', 'throttle', 'fault'] as const;
export type Outcome = (typeof OUTCOMES)[number];
/** The ways to fail, the gravest first. */
export const FAILURES = ['fault', 'throttle', 'error'] as const;

/** A part of a ring: where it begins and how long it is, as shares of the whole circle. */
export interface Arc {
  outcome: Outcome;
  from: number;
  share: number;
}

// What failed is seen however rare it is.
const LEAST_SHARE = 0.02;

/**
 * The parts of a ring, clockwise from the top: ok first, then what failed.
 *
 * An outcome that occurred gets at least two hundredths; the largest part gives what that takes.
 */
export function ringArcs(statistics: Pick<Statistics, Outcome> | null): Arc[] {
  const total = statistics ? OUTCOMES.reduce((sum, outcome) => sum + statistics[outcome], 0) : 0;
  if (!statistics || total === 0) return [];
  const shares = OUTCOMES.map((outcome) => {
    const count = statistics[outcome];
    return count ? Math.max(count / total, LEAST_SHARE) : 0;
  });
  const excess = shares.reduce((sum, share) => sum + share, 0) - 1;
  const largest = shares.indexOf(Math.max(...shares));
  let from = 0;
  return OUTCOMES.flatMap((outcome, index) => {
    const share = (shares[index] ?? 0) - (index === largest ? excess : 0);
    const arc = { outcome, from, share };
    from += share;
    return share > 0 ? [arc] : [];
  });
}

/** Requests that failed in any way. */
export function failed(statistics: Statistics | null): number {
  return statistics ? statistics.error + statistics.throttle + statistics.fault : 0;
}

/** The most frequent way in which requests failed, and its share of all; null where none did. */
export function worst(statistics: Statistics | null): { outcome: (typeof FAILURES)[number]; share: number } | null {
  if (!statistics || failed(statistics) === 0) return null;
  const outcome = FAILURES.reduce((most, each) => (statistics[each] > statistics[most] ? each : most));
  return { outcome, share: statistics[outcome] / statistics.requests };
}

/** The radius of each node's ring in pixels; areas grow with what `size` says. */
export function radii(nodes: readonly MapNode[], size: NodeSize): Map<string, number> {
  const weight = (node: MapNode) => (size === 'traffic' ? (node.statistics?.requests ?? 0) : failed(node.statistics));
  const most = Math.max(1, ...nodes.map(weight));
  return new Map(
    nodes.map((node) => {
      if (size === 'none') return [node.key, RADIUS_PLAIN];
      const share = Math.sqrt(weight(node) / most);
      return [node.key, Math.round(RADIUS_LEAST + (RADIUS_MOST - RADIUS_LEAST) * share)];
    }),
  );
}

/** The width in pixels of an edge with so many calls, where the busiest one has `most`. */
export function edgeWidth(calls: number, most: number): number {
  if (calls <= 0 || most <= 0) return WIDTH_LEAST;
  const width = WIDTH_LEAST + (WIDTH_MOST - WIDTH_LEAST) * Math.sqrt(Math.min(1, calls / most));
  return Math.round(width * 10) / 10;
}

/** The most calls that an edge has. */
export function mostCalls(edges: readonly MapEdge[]): number {
  return edges.reduce((most, edge) => Math.max(most, edge.statistics.requests), 0);
}

/** The colour of an edge, as CSS: that of the most frequent failure, stronger the more of a hundred calls failed. */
export function edgeColor(statistics: Statistics): string {
  const problem = worst(statistics);
  if (!problem || problem.share < 0.01) return 'var(--rl-map-edge)';
  const strength = Math.round(50 + 50 * Math.sqrt(problem.share));
  return `color-mix(in srgb, var(--rl-${problem.outcome}) ${strength}%, var(--rl-map-edge))`;
}

/** Requests a minute over a time of `seconds`; null where no time is known. */
export function perMinute(requests: number, seconds: number | null): number | null {
  return seconds && seconds > 0 ? (requests * 60) / seconds : null;
}

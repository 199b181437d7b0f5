import type { MapEdge, MapNode, Statistics } from './types';

/** Figures for tests: so many requests by what they came to. */
export function statistics(counts: Partial<Pick<Statistics, 'ok' | 'error' | 'throttle' | 'fault'>>): Statistics {
  const { ok = 0, error = 0, throttle = 0, fault = 0 } = counts;
  return {
    requests: ok + error + throttle + fault,
    ok,
    error,
    throttle,
    fault,
    average_ms: 12,
    percentiles: null,
    histogram: [],
  };
}

/** A node for tests. */
export function node(key: string, more: Partial<MapNode> = {}): MapNode {
  return {
    key,
    name: key,
    type: 'remote',
    is_client: false,
    is_root: false,
    reporting: true,
    statistics: statistics({ ok: 1 }),
    start: null,
    end: null,
    filter: null,
    ...more,
  };
}

/** An edge for tests. */
export function edge(source: string, target: string, more: Partial<MapEdge> = {}): MapEdge {
  return {
    source,
    target,
    is_link: false,
    statistics: statistics({ ok: 1 }),
    message_ages: null,
    filter: null,
    ...more,
  };
}

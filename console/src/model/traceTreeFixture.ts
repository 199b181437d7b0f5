import type { Schemas } from '@/api/client';
import { type TraceTree, traceTreeOf } from './traceTree';

type SpanRow = readonly [name: string, parent: number, offsetUs: number, durationUs: number, flags?: number];

/** A tree for tests, of spans as rows in depth-first order. */
export function treeOf(rows: readonly SpanRow[], path: Schemas['CriticalStep'][] = []): TraceTree {
  const names = [...new Set(rows.map(([name]) => name))];
  const ends = rows.map(([, , offset, duration]) => offset + Math.max(0, duration));
  const depth: number[] = [];
  for (const [, parent] of rows) depth.push(parent < 0 ? 0 : (depth[parent] ?? 0) + 1);
  return traceTreeOf({
    trace_id: '1-00000000-000000000000000000000001',
    start: 0,
    length_us: ends.reduce((most, end) => Math.max(most, end), 0),
    response_time_ms: null,
    duration_ms: null,
    outcome: 'ok',
    is_partial: false,
    http_method: null,
    http_url: null,
    http_status: null,
    client_ip: null,
    user_agent: null,
    entry: null,
    users: [],
    names,
    services: [{ name: 'shop', type: 'AWS::ECS::Container' }],
    spans: {
      id: rows.map((_, i) => i.toString(16).padStart(16, '0')),
      parent: rows.map(([, parent]) => parent),
      depth,
      name: rows.map(([name]) => names.indexOf(name)),
      service: rows.map(([, , , , flags = 0]) => (flags & 64 ? -1 : 0)),
      offset_us: rows.map(([, , offset]) => offset),
      duration_us: rows.map(([, , , duration]) => duration),
      flags: rows.map(([, , , , flags = 0]) => flags),
      status: rows.map(() => 0),
      held_us: rows.map(() => 0),
    },
    path,
    links: [],
  });
}

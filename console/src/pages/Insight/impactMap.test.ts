import { describe, expect, it } from 'vitest';
import { edge, node } from '@/graph/fixtures';
import { edgeId } from '@/graph/types';
import type { Signal } from '@/model/insights';
import { impactMap, marksOf } from './impactMap';

const part = (key: string, more: { is_root_cause?: boolean; signal?: Signal | null } = {}) => ({
  key,
  service: { name: key, type: '' },
  is_client: false,
  is_root_cause: false,
  signal: null,
  ...more,
});
const call = (source: string, target: string, is_root_cause = false) => ({
  source,
  target,
  is_root_cause,
  signal: null,
});

const impact = {
  nodes: [part('a', { signal: 'latency' }), part('b', { is_root_cause: true })],
  edges: [call('a', 'b', true)],
};
const map = {
  nodes: [node('a'), node('b'), node('c')],
  edges: [edge('a', 'b'), edge('a', 'c'), edge('a', 'b', { is_link: true })],
};

describe('the map of an incident', () => {
  it('has the figures of the map, and only what the incident touches', () => {
    const shown = impactMap(impact, map, false);
    expect(shown).toEqual({ nodes: map.nodes.slice(0, 2), edges: [map.edges[0]] });
  });

  it('has everything else on demand', () => {
    expect(impactMap(impact, map, true)).toEqual(map);
  });

  it('is there without figures when the traces of its time are gone', () => {
    const shown = impactMap(impact, { nodes: [], edges: [] }, false);
    expect(shown.nodes.map(({ key, statistics }) => [key, statistics])).toEqual([
      ['a', null],
      ['b', null],
    ]);
    expect(shown.edges.map(({ source, target, statistics }) => [source, target, statistics.requests])).toEqual([
      ['a', 'b', 0],
    ]);
  });

  it('marks the root cause and what was unusual, of edges only the root cause', () => {
    const marks = marksOf({ ...impact, edges: [call('a', 'b', true), call('b', 'a')] }, ({ is_root_cause, signal }) =>
      is_root_cause ? { kind: 'cause', text: 'cause' } : signal ? { kind: 'unusual', text: signal } : null,
    );
    expect([...marks.nodes].map(([key, { text }]) => [key, text])).toEqual([
      ['a', 'latency'],
      ['b', 'cause'],
    ]);
    expect([...marks.edges.keys()]).toEqual([edgeId({ source: 'a', target: 'b', is_link: false })]);
  });
});

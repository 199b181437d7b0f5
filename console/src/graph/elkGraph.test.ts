import ELK from 'elkjs/lib/elk.bundled.js';
import { describe, expect, it } from 'vitest';
import { elkGraph, layoutOf } from './elkGraph';
import { edge, node } from './fixtures';
import { draw } from './route';
import { covers, structureOf } from './structure';
import { edgeId } from './types';

const CLIENT = node('client', { is_client: true });
const EDGES = [edge('client', 'api'), edge('api', 'a'), edge('api', 'b'), edge('api', 'c'), edge('c', 'c')];
const NODES = [CLIENT, ...['api', 'a', 'b', 'c'].map((key) => node(key))];

describe('a laid out map', () => {
  const elk = new ELK();

  it('runs from clients on the left to what is called on the right, and each edge from box to box', async () => {
    const structure = structureOf(NODES, EDGES);
    const layout = layoutOf(await elk.layout(elkGraph(structure, null)));
    expect(covers(layout, structure)).toBe(true);
    const x = (key: string) => layout.positions.get(key)?.x ?? Number.NaN;
    expect(x('client')).toBeLessThan(x('api'));
    expect(x('api')).toBeLessThan(x('a'));
    for (const each of EDGES) {
      const route = layout.routes.get(edgeId(each)) ?? [];
      expect(route.length % 3).toBe(1);
      expect(draw(route).path).toMatch(/^M[-\d.]+,[-\d.]+ C/);
    }
  });

  it('keeps the order of what was there when something is added', async () => {
    const before = layoutOf(await elk.layout(elkGraph(structureOf(NODES, EDGES), null)));
    const grown = structureOf([...NODES, node('aa')], [...EDGES, edge('api', 'aa')]);
    const after = layoutOf(await elk.layout(elkGraph(grown, before)));
    const order = (layout: typeof before) =>
      ['a', 'b', 'c'].sort((one, other) => (layout.positions.get(one)?.y ?? 0) - (layout.positions.get(other)?.y ?? 0));
    expect(order(after)).toEqual(order(before));
    expect(after.positions.has('aa')).toBe(true);
  });
});

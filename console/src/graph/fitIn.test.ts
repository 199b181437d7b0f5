import { describe, expect, it } from 'vitest';
import { fitIn } from './fitIn';
import { edge, node } from './fixtures';
import { covers, type Layout, structureOf } from './structure';

const KEYS = ['client', 'api', 'a', 'b', 'c'];
const EDGES = [edge('client', 'api'), edge('api', 'a'), edge('api', 'b'), edge('api', 'c')];
const BEFORE: Layout = {
  positions: new Map([
    ['client', { x: 0, y: 84 }],
    ['api', { x: 328, y: 84 }],
    ['a', { x: 656, y: 0 }],
    ['b', { x: 656, y: 84 }],
    ['c', { x: 656, y: 168 }],
  ]),
  routes: new Map(
    structureOf(
      KEYS.map((key) => node(key)),
      EDGES,
    ).edges.map((each) => [each.id, []]),
  ),
};

function grown(keys: readonly string[], edges: typeof EDGES) {
  const structure = structureOf(
    [...KEYS, ...keys].map((key) => node(key)),
    [...EDGES, ...edges],
  );
  const layout = fitIn(structure, BEFORE);
  return { structure, layout };
}

describe('what is new on a map', () => {
  it('stands in a free place beside what calls it, and moves nothing', () => {
    const { structure, layout } = grown(['d'], [edge('api', 'd')]);
    expect(layout && covers(layout, structure)).toBe(true);
    for (const [key, place] of BEFORE.positions) expect(layout?.positions.get(key)).toEqual(place);
    expect([-84, 252]).toContain(layout?.positions.get('d')?.y);
    expect(layout?.positions.get('d')?.x).toBe(656);
  });

  it('stands before what it calls, and below all where it is connected to nothing', () => {
    expect(grown(['d'], [edge('d', 'api')]).layout?.positions.get('d')).toEqual({ x: 0, y: 0 });
    expect(grown(['d'], []).layout?.positions.get('d')).toEqual({ x: 0, y: 252 });
  });

  it('may be a connection alone', () => {
    const { structure, layout } = grown([], [edge('a', 'b')]);
    expect(layout && covers(layout, structure)).toBe(true);
  });

  it('is too much for that where it is a large part', () => {
    expect(grown(['d', 'e', 'f'], [edge('a', 'd'), edge('d', 'e'), edge('e', 'f')]).layout).toBeNull();
  });
});

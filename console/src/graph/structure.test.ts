import { describe, expect, it } from 'vitest';
import { edge, node, statistics } from './fixtures';
import { covers, type Layout, settle, structureOf } from './structure';

const NODES = [node('b'), node('client', { is_client: true }), node('a')];
const EDGES = [edge('client', 'b'), edge('b', 'a'), edge('b', 'a', { is_link: true })];

function layout(places: Record<string, [number, number]>, routes: Record<string, [number, number][]> = {}): Layout {
  return {
    positions: new Map(Object.entries(places).map(([key, [x, y]]) => [key, { x, y }])),
    routes: new Map(Object.entries(routes).map(([id, points]) => [id, points.map(([x, y]) => ({ x, y }))])),
  };
}

describe('the structure of a map', () => {
  it('is the same in any order and with any figures', () => {
    const busier = NODES.map((each) => ({ ...each, statistics: statistics({ fault: 7 }) })).reverse();
    expect(structureOf(busier, [...EDGES].reverse())).toEqual(structureOf(NODES, EDGES));
  });

  it('differs where a link is a call', () => {
    expect(structureOf(NODES, EDGES.slice(0, 2)).id).not.toBe(
      structureOf(
        NODES,
        [EDGES[0], EDGES[2]].flatMap((each) => each ?? []),
      ).id,
    );
  });

  it('begins with clients and leaves out edges without ends', () => {
    const structure = structureOf(NODES, [...EDGES, edge('b', 'gone')]);
    expect(structure.nodes.map((each) => each.key)).toEqual(['client', 'a', 'b']);
    expect(structure.edges).toHaveLength(3);
  });
});

describe('a layout', () => {
  const structure = structureOf([node('a'), node('b')], [edge('a', 'b')]);
  const [{ id } = { id: '' }] = structure.edges;
  const all = layout({ a: [0, 0], b: [1, 0], gone: [2, 0] }, { [id]: [] });

  it('covers what it has places for', () => {
    expect(covers(all, structure)).toBe(true);
    expect(covers(all, structureOf([node('a'), node('new')], []))).toBe(false);
    expect(covers(all, structureOf([node('a'), node('b')], [edge('b', 'a')]))).toBe(false);
  });

  it('is moved so that most of what was there stays there', () => {
    const before = layout({ a: [100, 100], b: [300, 100], c: [300, 200] });
    const next = layout({ a: [0, 0], b: [200, 0], c: [200, 150], d: [400, 0] }, { e: [[10, 20]] });
    const settled = settle(next, before);
    expect(Object.fromEntries(settled.positions)).toEqual({
      a: { x: 100, y: 100 },
      b: { x: 300, y: 100 },
      c: { x: 300, y: 250 },
      d: { x: 500, y: 100 },
    });
    expect(settled.routes.get('e')).toEqual([{ x: 110, y: 120 }]);
  });

  it('is left alone where nothing was there', () => {
    expect(settle(all, null)).toBe(all);
    expect(settle(all, layout({ z: [5, 5] }))).toBe(all);
  });
});

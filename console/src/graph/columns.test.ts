import { describe, expect, it } from 'vitest';
import { inColumns } from './columns';
import { covers, type Structure } from './structure';

function structure(edges: readonly [string, string][], client?: string): Structure {
  const keys = [...new Set(edges.flat())];
  return {
    id: JSON.stringify(edges),
    nodes: keys.map((key) => ({ key, isClient: key === client })),
    edges: edges.map(([source, target]) => ({ id: `${source}>${target}`, source, target })),
  };
}

describe('a layout in columns', () => {
  it('puts what is called to the right of who calls', () => {
    const { positions } = inColumns(
      structure(
        [
          ['client', 'api'],
          ['api', 'fn'],
          ['api', 'auth'],
          ['fn', 'table'],
        ],
        'client',
      ),
    );
    const x = (key: string) => positions.get(key)?.x ?? Number.NaN;
    expect(x('client')).toBe(0);
    expect(x('fn')).toBe(x('auth'));
    expect(x('table')).toBeGreaterThan(x('fn'));
  });

  it('has a place and a route for everything, circles and self calls included', () => {
    const circle = structure([
      ['a', 'b'],
      ['b', 'c'],
      ['c', 'a'],
      ['c', 'c'],
    ]);
    expect(covers(inColumns(circle), circle)).toBe(true);
  });

  it('lets no two nodes stand in one place, however many there are', () => {
    const keys = Array.from({ length: 3000 }, (_, index) => `n${index}`);
    const long = structure(keys.slice(1).map((key, index) => [keys[index] ?? '', key]));
    const places = [...inColumns(long).positions.values()].map(({ x, y }) => `${x},${y}`);
    expect(new Set(places).size).toBe(3000);
  });
});

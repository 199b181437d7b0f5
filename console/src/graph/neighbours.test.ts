import { describe, expect, it } from 'vitest';
import { edge } from './fixtures';
import { neighbourhood, nextNode, readingOrder, wayOf } from './neighbours';
import type { Layout } from './structure';

const LAYOUT: Layout = {
  positions: new Map([
    ['client', { x: 0, y: 100 }],
    ['api', { x: 300, y: 100 }],
    ['orders', { x: 600, y: 0 }],
    ['carts', { x: 600, y: 110 }],
    ['table', { x: 900, y: 20 }],
  ]),
  routes: new Map(),
};
const EDGES = [edge('client', 'api'), edge('api', 'orders'), edge('api', 'carts'), edge('orders', 'table')];

describe('arrow keys', () => {
  it.each([
    ['client', 'right', 'api'],
    ['api', 'right', 'carts'],
    ['api', 'left', 'client'],
    ['carts', 'up', 'orders'],
    ['orders', 'down', 'carts'],
    ['table', 'left', 'orders'],
    ['table', 'right', null],
    ['client', 'left', null],
    ['orders', 'up', null],
    ['gone', 'up', null],
  ] as const)('lead from %s %s to %s', (from, way, to) => {
    expect(nextNode(from, way, LAYOUT, EDGES)).toBe(to);
  });

  it('do not lead along a call of oneself', () => {
    expect(nextNode('table', 'right', LAYOUT, [...EDGES, edge('table', 'table')])).toBeNull();
  });

  it('are the only keys that lead', () => {
    expect(['ArrowUp', 'a', 'constructor'].map(wayOf)).toEqual(['up', null, null]);
  });
});

it('is read from left to right', () => {
  expect(readingOrder(LAYOUT)).toEqual(['client', 'api', 'orders', 'carts', 'table']);
});

it('knows whom a node is connected to', () => {
  expect([...neighbourhood('orders', EDGES)].sort()).toEqual(['api', 'orders', 'table']);
});

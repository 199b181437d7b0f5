import { expect, it } from 'vitest';
import { nextMatch, positionsIn, spansWith } from './spanSearch';
import { treeOf } from './traceTreeFixture';

const tree = treeOf([
  ['GET /items', -1, 0, 10],
  ['DynamoDB', 0, 0, 1],
  ['강남 맛집', 0, 0, 1],
]);

it.each([
  ['dynamo', [0, 1, 0]],
  ['강남', [0, 0, 1]],
  ['  get ', [1, 0, 0]],
  ['SHOP', [1, 1, 1]],
  ['ecs::', [1, 1, 1]],
  ['0000000000000002', [0, 0, 1]],
  ['.*', [0, 0, 0]],
])('%j is found', (text, found) => {
  expect([...(spansWith(tree, text) ?? [])]).toEqual(found);
});

it('looks for nothing without a text', () => {
  expect(spansWith(tree, '  ')).toBeNull();
});

it('goes from match to match and round', () => {
  const matches = positionsIn(Uint8Array.from([0, 1, 0, 1, 1]), null);
  expect([...matches]).toEqual([1, 3, 4]);
  expect([...positionsIn(Uint8Array.from([0, 1, 0, 1, 1]), Uint8Array.from([1, 1, 1, 0, 1]))]).toEqual([1, 4]);
  expect([-1, 1, 3, 4].map((at) => nextMatch(matches, at, 1))).toEqual([0, 1, 2, 0]);
  expect([-1, 1, 2, 4].map((at) => nextMatch(matches, at, -1))).toEqual([2, 2, 0, 1]);
  expect(nextMatch(new Int32Array(), 0, 1)).toBe(-1);
});

import { expect, it } from 'vitest';
import { indentOf } from './indent';

it('moves the rows of upper levels in by a full step', () => {
  expect([1, 2, 3].map((level) => indentOf(level, 5, 320).px)).toEqual([0, 16, 32]);
});

it('keeps room for names in a tree of a thousand levels', () => {
  const { px, isClose } = indentOf(1000, 1000, 320);
  expect(px).toBeLessThan(320 * 0.6);
  expect(isClose).toBe(true);
  expect(indentOf(500, 1000, 320).px).toBeLessThan(px);
});

it('takes full steps further down where there is room for them', () => {
  expect(indentOf(10, 10, 320)).toEqual({ px: 144, isClose: false });
});

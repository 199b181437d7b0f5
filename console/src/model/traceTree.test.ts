import { describe, expect, it } from 'vitest';
import { drawnEndUs, isOnPath, outcomeOf, SpanFlag, selfUs, skewUs, withAncestors } from './traceTree';
import { treeOf } from './traceTreeFixture';

describe('a trace as a tree', () => {
  const tree = treeOf([
    ['root', -1, 0, 1000],
    ['a', 0, 100, 400],
    ['b', 1, 150, 100],
    ['c', 0, 400, 300],
    ['lost', -1, 50, 10, SpanFlag.orphan],
    ['below lost', 4, 55, 5],
  ]);

  it('knows where what is below a span ends', () => {
    expect([...tree.end]).toEqual([4, 3, 3, 4, 6, 6]);
  });

  it('puts spans whose parent never arrived one level down', () => {
    expect([...tree.level]).toEqual([1, 2, 3, 2, 2, 3]);
    expect(tree.orphans).toBe(1);
    expect(tree.maxLevel).toBe(3);
  });

  it('subtracts children once where they overlap', () => {
    // a runs from 100 to 500, c from 400 to 700
    expect(selfUs(tree, 0)).toBe(400);
    expect(selfUs(tree, 1)).toBe(300);
    expect(selfUs(tree, 2)).toBe(100);
  });

  it('keeps those above what is chosen', () => {
    expect([...withAncestors(tree, Uint8Array.from([0, 0, 1, 0, 0, 0]))]).toEqual([1, 1, 1, 0, 0, 0]);
  });

  it('takes a parent that does not come first for none', () => {
    const odd = treeOf([
      ['x', 1, 0, 1],
      ['y', 1, 0, 1],
    ]);
    expect([...odd.parent]).toEqual([-1, -1]);
    expect([...odd.end]).toEqual([1, 2]);
  });

  it('has no spans at all', () => {
    expect(treeOf([]).size).toBe(0);
  });
});

it('tells by how much a span begins before its parent', () => {
  const tree = treeOf([
    ['root', -1, 500, 100],
    ['early', 0, 380, 10, SpanFlag.skewed],
    ['late', 0, 510, 10],
  ]);
  expect([0, 1, 2].map((i) => skewUs(tree, i))).toEqual([0, 120, 0]);
  // what began before counts for nothing of its parent's time
  expect(selfUs(tree, 0)).toBe(90);
});

it('draws what is in progress a little beyond the end of the trace', () => {
  const tree = treeOf([
    ['root', -1, 0, -1, SpanFlag.inProgress],
    ['done', 0, 10, 90],
  ]);
  expect(tree.lengthUs).toBe(105);
  expect(drawnEndUs(tree, 0)).toBe(105);
  expect(drawnEndUs(tree, 1)).toBe(100);
  expect(selfUs(tree, 0)).toBeNull();
});

it('finds the steps of the critical path by span', () => {
  const tree = treeOf(
    [
      ['root', -1, 0, 100],
      ['a', 0, 20, 30],
      ['b', 0, 20, 10],
    ],
    [
      { span: 0, offset_us: 0, held_us: 20, kind: 'own' },
      { span: 1, offset_us: 20, held_us: 30, kind: 'own' },
      { span: 0, offset_us: 50, held_us: 50, kind: 'own' },
    ],
  );
  expect([...tree.stepStart]).toEqual([0, 2, 3, 3]);
  expect([...tree.stepOffsetUs]).toEqual([0, 50, 20]);
  expect([0, 1, 2].map((i) => isOnPath(tree, i))).toEqual([true, true, false]);
});

it.each([
  [0, 'ok'],
  [SpanFlag.inProgress, 'unfinished'],
  [SpanFlag.error | SpanFlag.inProgress, 'error'],
  [SpanFlag.error | SpanFlag.throttle, 'throttle'],
  [SpanFlag.error | SpanFlag.throttle | SpanFlag.fault, 'fault'],
])('flags %s are %s', (flags, outcome) => {
  expect(outcomeOf(flags)).toBe(outcome);
});

it('makes a tree of 100,000 spans, a thousand deep, without a stack', () => {
  const tree = treeOf(Array.from({ length: 100_000 }, (_, i) => [`s${i % 7}`, i % 1000 ? i - 1 : -1, i, 10]));
  expect(tree.maxLevel).toBe(1000);
  expect(tree.end[0]).toBe(1000);
});

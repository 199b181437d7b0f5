import { expect, it } from 'vitest';
import {
  allOpen,
  closedAgain,
  ORPHANS_ROW,
  openToLevel,
  rowIndexes,
  shownRows,
  withRow,
  withWayTo,
} from './timelineRows';
import { SpanFlag } from './traceTree';
import { treeOf } from './traceTreeFixture';

// 0 root > (1 a > 2 b > 3 c), 4 d; 5 lost > 6 e; 7 another root
const tree = treeOf([
  ['root', -1, 0, 1000],
  ['a', 0, 100, 400],
  ['b', 1, 150, 100],
  ['c', 2, 160, 10],
  ['d', 0, 600, 10],
  ['lost', -1, 50, 10, SpanFlag.orphan],
  ['e', 5, 55, 5],
  ['second', -1, 900, 50],
]);

it('shows everything, what lost its parent last and below a row of its own', () => {
  expect([...shownRows(tree, allOpen(tree), null)]).toEqual([0, 1, 2, 3, 4, 7, ORPHANS_ROW, 5, 6]);
});

it('hides what is below a closed row', () => {
  expect([...shownRows(tree, withRow(allOpen(tree), 1, true), null)]).toEqual([0, 1, 4, 7, ORPHANS_ROW, 5, 6]);
  expect([...shownRows(tree, withRow(allOpen(tree), ORPHANS_ROW, true), null)]).toEqual([
    0,
    1,
    2,
    3,
    4,
    7,
    ORPHANS_ROW,
  ]);
});

it('opens down to a level', () => {
  expect([...shownRows(tree, openToLevel(tree, 1), null)]).toEqual([0, 7, ORPHANS_ROW]);
  expect([...shownRows(tree, openToLevel(tree, 2), null)]).toEqual([0, 1, 4, 7, ORPHANS_ROW, 5]);
  expect([...shownRows(tree, openToLevel(tree, 99), null)]).toEqual([...shownRows(tree, allOpen(tree), null)]);
});

it('shows only what is kept, and no row for orphans when none of them is', () => {
  expect([...shownRows(tree, allOpen(tree), Uint8Array.from([1, 0, 0, 0, 1, 0, 0, 0]))]).toEqual([0, 4]);
  expect([...shownRows(tree, allOpen(tree), Uint8Array.from([0, 0, 0, 0, 0, 1, 0, 0]))]).toEqual([ORPHANS_ROW, 5]);
});

it('opens the way to a span', () => {
  const closed = openToLevel(tree, 1);
  expect([...shownRows(tree, withWayTo(tree, closed, 3), null)]).toEqual([0, 1, 2, 3, 4, 7, ORPHANS_ROW]);
  expect([...shownRows(tree, withWayTo(tree, closed, 6), null)]).toEqual([0, 7, ORPHANS_ROW, 5, 6]);
});

it('keeps closed what was closed when more of the trace arrives', () => {
  const more = treeOf([
    ['root', -1, 0, 1000],
    ['a', 0, 100, 400],
    ['b', 1, 150, 100],
    ['new', 0, 1000, 10],
  ]);
  const closed = withRow(allOpen(tree), 1, true);
  expect([...shownRows(more, closedAgain(tree, closed, more), null)]).toEqual([0, 1, 3]);
});

it('finds the row of a span', () => {
  const rows = shownRows(tree, withRow(allOpen(tree), 1, true), null);
  expect([...rowIndexes(tree, rows)]).toEqual([0, 1, -1, -1, 2, 5, 6, 3]);
});

import { hasChildren, isSet, SpanFlag, type TraceTree } from './traceTree';

/** The row above the spans whose parent never arrived, in place of a span's position. */
export const ORPHANS_ROW = -1;

/** Which rows are closed: 1 for each span whose children are hidden; the last entry is for the row above orphans. */
export type Closed = Uint8Array;

/** Everything open. */
export function allOpen(tree: TraceTree): Closed {
  return new Uint8Array(tree.size + 1);
}

/** Open so that rows of this level (1 is the top) are the deepest to be seen. */
export function openToLevel(tree: TraceTree, level: number): Closed {
  const closed = allOpen(tree);
  for (let i = 0; i < tree.size; i += 1) if ((tree.level[i] ?? 1) >= level && hasChildren(tree, i)) closed[i] = 1;
  closed[tree.size] = level <= 1 ? 1 : 0;
  return closed;
}

/** The same with one row (a span's position, or ORPHANS_ROW) opened or closed. */
export function withRow(closed: Closed, row: number, isClosed: boolean): Closed {
  const after = closed.slice();
  after[row === ORPHANS_ROW ? closed.length - 1 : row] = isClosed ? 1 : 0;
  return after;
}

/** Whether what is below a row is hidden. */
export function isClosed(closed: Closed, row: number): boolean {
  return closed[row === ORPHANS_ROW ? closed.length - 1 : row] === 1;
}

/** The same with all rows open that lead to the span. */
export function withWayTo(tree: TraceTree, closed: Closed, span: number): Closed {
  const after = closed.slice();
  let top = span;
  for (let i = tree.parent[span] ?? -1; i >= 0; i = tree.parent[i] ?? -1) {
    after[i] = 0;
    top = i;
  }
  if (isOrphan(tree, top)) after[closed.length - 1] = 0;
  return after;
}

/** What was closed in `before`, for another answer about the same trace: spans are the same where their ids are. */
export function closedAgain(before: TraceTree, closed: Closed, now: TraceTree): Closed {
  const ids = new Set<string>();
  for (let i = 0; i < before.size; i += 1) if (closed[i]) ids.add(before.ids[i] ?? '');
  const after = allOpen(now);
  if (ids.size) for (let i = 0; i < now.size; i += 1) if (ids.has(now.ids[i] ?? '')) after[i] = 1;
  after[now.size] = closed[before.size] ?? 0;
  return after;
}

/**
 * The rows to be shown from top to bottom: positions of spans, and ORPHANS_ROW above those without a parent, which come
 * last. Only spans with a 1 in `kept` are there; null keeps all.
 */
export function shownRows(tree: TraceTree, closed: Closed, kept: Uint8Array | null): Int32Array {
  const rows = new Int32Array(tree.size + 1);
  let count = 0;
  const addTop = (top: number) => {
    const end = tree.end[top] ?? top + 1;
    for (let i = top; i < end; ) {
      if (kept && !kept[i]) {
        i = tree.end[i] ?? end;
        continue;
      }
      rows[count] = i;
      count += 1;
      i = closed[i] ? (tree.end[i] ?? end) : i + 1;
    }
  };
  for (let top = 0; top < tree.size; top = tree.end[top] ?? tree.size) if (!isOrphan(tree, top)) addTop(top);
  if (tree.orphans) {
    const mark = count;
    rows[count] = ORPHANS_ROW;
    count += 1;
    for (let top = 0; top < tree.size; top = tree.end[top] ?? tree.size) if (isOrphan(tree, top)) addTop(top);
    // nothing kept below it, or it is closed
    if (count === mark + 1) count = mark;
    else if (isClosed(closed, ORPHANS_ROW)) count = mark + 1;
  }
  return rows.subarray(0, count);
}

/** Whether the span stands at the top because its parent never arrived. */
export function isOrphan(tree: TraceTree, i: number): boolean {
  return tree.parent[i] === -1 && isSet(tree.flags[i], SpanFlag.orphan);
}

/** For every span the index of its row, -1 where it has none. */
export function rowIndexes(tree: TraceTree, rows: Int32Array): Int32Array {
  const index = new Int32Array(tree.size).fill(-1);
  for (let at = 0; at < rows.length; at += 1) {
    const row = rows[at] ?? -1;
    if (row >= 0) index[row] = at;
  }
  return index;
}

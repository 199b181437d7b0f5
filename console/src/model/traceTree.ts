import type { Schemas } from '@/api/client';

/** The bits of a span's flags, as the server sends them. */
export const SpanFlag = {
  segment: 1,
  inProgress: 2,
  error: 4,
  throttle: 8,
  fault: 16,
  /** a call whose callee sent nothing */
  inferred: 32,
  /** its parent never arrived */
  orphan: 64,
  /** it ended before it began */
  negative: 128,
  /** it began before its parent did */
  skewed: 256,
  exception: 512,
  annotated: 1024,
  coldStart: 2048,
  remote: 4096,
} as const;

export type Outcome = Schemas['OutcomeName'];

/**
 * A trace to be drawn: columns of one entry for each span, depth first. Times are microseconds, `offsetUs` after the
 * start of the trace; `durationUs` is -1 while in progress.
 */
export interface TraceTree {
  readonly size: number;
  readonly ids: readonly string[];
  readonly names: readonly string[];
  readonly services: readonly Schemas['ServiceShape'][];
  readonly name: Int32Array;
  /** Position in `services`, -1 where it is not known. */
  readonly service: Int32Array;
  readonly parent: Int32Array;
  /** From 1; spans whose parent never arrived are below a row that says so. */
  readonly level: Int32Array;
  /** The position after the last span below this one: a span without children ends right after itself. */
  readonly end: Int32Array;
  readonly offsetUs: Float64Array;
  readonly durationUs: Float64Array;
  readonly heldUs: Float64Array;
  readonly flags: Int32Array;
  readonly status: Int32Array;
  readonly lengthUs: number;
  readonly maxLevel: number;
  /** Spans at the top whose parent never arrived. */
  readonly orphans: number;
  /** Critical path: the steps of span i are `stepOf[stepStart[i]]` until before `stepOf[stepStart[i + 1]]`. */
  readonly stepStart: Int32Array;
  readonly stepOffsetUs: Float64Array;
  readonly stepHeldUs: Float64Array;
  readonly hasPath: boolean;
}

/** What is in progress is drawn a little beyond everything that is known of the trace: its end is open. */
const OPEN_SHARE = 0.05;

/** The tree of a timeline, in one pass over its columns. */
export function traceTreeOf(answer: Schemas['TimelineAnswer']): TraceTree {
  const { spans } = answer;
  const size = spans.id.length;
  const parent = Int32Array.from(spans.parent);
  const flags = Int32Array.from(spans.flags);
  const level = new Int32Array(size);
  const end = new Int32Array(size);
  let maxLevel = 1;
  let orphans = 0;
  let isUnfinished = false;
  for (let i = 0; i < size; i += 1) {
    const above = parent[i] ?? -1;
    // A parent comes first; one that does not is none.
    if (above >= i) parent[i] = -1;
    const isLost = parent[i] === -1 && isSet(flags[i], SpanFlag.orphan);
    if (isLost) orphans += 1;
    if (isSet(flags[i], SpanFlag.inProgress)) isUnfinished = true;
    level[i] = parent[i] === -1 ? (isLost ? 2 : 1) : (level[above] ?? 0) + 1;
    maxLevel = Math.max(maxLevel, level[i] ?? 1);
  }
  for (let i = size - 1; i >= 0; i -= 1) {
    end[i] = Math.max(end[i] ?? 0, i + 1);
    const above = parent[i] ?? -1;
    if (above >= 0) end[above] = Math.max(end[above] ?? 0, end[i] ?? 0);
  }
  return {
    size,
    ids: spans.id,
    names: answer.names,
    services: answer.services,
    name: Int32Array.from(spans.name),
    service: Int32Array.from(spans.service),
    parent,
    level,
    end,
    offsetUs: Float64Array.from(spans.offset_us),
    durationUs: Float64Array.from(spans.duration_us),
    heldUs: Float64Array.from(spans.held_us),
    flags,
    status: Int32Array.from(spans.status),
    lengthUs: Math.max(1, answer.length_us) * (isUnfinished ? 1 + OPEN_SHARE : 1),
    maxLevel,
    orphans,
    ...stepsOf(answer.path, size),
  };
}

function stepsOf(path: Schemas['TimelineAnswer']['path'], size: number) {
  const stepStart = new Int32Array(size + 1);
  for (const step of path) stepStart[step.span + 1] = (stepStart[step.span + 1] ?? 0) + 1;
  for (let i = 0; i < size; i += 1) stepStart[i + 1] = (stepStart[i + 1] ?? 0) + (stepStart[i] ?? 0);
  const next = stepStart.slice();
  const stepOffsetUs = new Float64Array(path.length);
  const stepHeldUs = new Float64Array(path.length);
  for (const step of path) {
    const at = next[step.span] ?? 0;
    next[step.span] = at + 1;
    stepOffsetUs[at] = step.offset_us;
    stepHeldUs[at] = step.held_us;
  }
  return { stepStart, stepOffsetUs, stepHeldUs, hasPath: path.length > 0 };
}

/** Whether a flag is set in `flags`. */
export function isSet(flags: number | undefined, flag: number): boolean {
  return ((flags ?? 0) & flag) !== 0;
}

/** Whether span `i` has spans below it. */
export function hasChildren(tree: TraceTree, i: number): boolean {
  return (tree.end[i] ?? 0) > i + 1;
}

/** How a span answered; what went wrong most comes first. */
export function outcomeOf(flags: number | undefined): Outcome {
  if (isSet(flags, SpanFlag.fault)) return 'fault';
  if (isSet(flags, SpanFlag.throttle)) return 'throttle';
  if (isSet(flags, SpanFlag.error)) return 'error';
  return isSet(flags, SpanFlag.inProgress) ? 'unfinished' : 'ok';
}

/** Whether the span lies on the critical path. */
export function isOnPath(tree: TraceTree, i: number): boolean {
  return (tree.stepStart[i + 1] ?? 0) > (tree.stepStart[i] ?? 0);
}

/** Until when a span is drawn, microseconds after the start of the trace: one in progress reaches to the end. */
export function drawnEndUs(tree: TraceTree, i: number): number {
  const start = tree.offsetUs[i] ?? 0;
  const duration = tree.durationUs[i] ?? 0;
  return duration < 0 ? Math.max(start, tree.lengthUs) : start + duration;
}

/** By how many microseconds a span begins before its parent; 0 where it does not, and at the top. */
export function skewUs(tree: TraceTree, i: number): number {
  const parent = tree.parent[i] ?? -1;
  return parent < 0 ? 0 : Math.max(0, (tree.offsetUs[parent] ?? 0) - (tree.offsetUs[i] ?? 0));
}

/** The microseconds of a finished span that none of its children covers; null while it is in progress. */
export function selfUs(tree: TraceTree, i: number): number | null {
  const duration = tree.durationUs[i] ?? 0;
  if (duration < 0) return null;
  const start = tree.offsetUs[i] ?? 0;
  const end = start + duration;
  let covered = 0;
  let reached = start;
  // Siblings are in the order of their starts.
  for (let child = i + 1; child < (tree.end[i] ?? 0); child = tree.end[child] ?? tree.size) {
    const from = Math.max(reached, tree.offsetUs[child] ?? 0);
    const to = Math.min(end, drawnEndUs(tree, child));
    if (to > from) {
      covered += to - from;
      reached = to;
    }
  }
  return duration - covered;
}

/** The position of the span of this id, -1 where it is not there. */
export function positionOf(tree: TraceTree, id: string): number {
  return tree.ids.indexOf(id);
}

/** For every span 1 where it or one below it is in `chosen`: what has to stay for those to be reached. */
export function withAncestors(tree: TraceTree, chosen: Uint8Array): Uint8Array {
  const kept = chosen.slice();
  for (let i = tree.size - 1; i >= 0; i -= 1) {
    const parent = tree.parent[i] ?? -1;
    if (kept[i] && parent >= 0) kept[parent] = 1;
  }
  return kept;
}

/** For every span 1 where the test holds. */
export function spansThat(tree: TraceTree, test: (position: number) => boolean): Uint8Array {
  const chosen = new Uint8Array(tree.size);
  for (let i = 0; i < tree.size; i += 1) chosen[i] = test(i) ? 1 : 0;
  return chosen;
}

/** Whether something went wrong in the span itself. */
export function isWrong(tree: TraceTree, i: number): boolean {
  return isSet(tree.flags[i], SpanFlag.error | SpanFlag.throttle | SpanFlag.fault | SpanFlag.exception);
}

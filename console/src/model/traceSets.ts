import { type Scope, setOf } from './scope';
import { formatRange, resolveRange, type TimeRange } from './timeRange';

/** Times that move along with those of another set: as long a time just before, or the same time earlier. */
export type Shift = 'before' | 'day-before' | 'week-before';

/**
 * What a set of traces is compared with. `rest` is what is in the same time and group and does not satisfy its filter.
 *
 * Of an `other` set null means: as in the first one.
 */
export type SetB =
  | { kind: 'rest' }
  | { kind: 'other'; filter: string | null; range: TimeRange | Shift | null; group: string | null };

/** A set in words of the API: instants in epoch seconds; null is all. */
export interface SetMember {
  start: number;
  end: number;
  filter: string | null;
  group: string | null;
}

/** A set that can be asked for again and again: `key` tells it from others, `at` says what it means at an instant. */
export interface AskedSet {
  key: readonly string[];
  at(nowMs: number): SetMember;
}

export const SHIFTS: readonly Shift[] = ['before', 'day-before', 'week-before'];

/** The traces of a scope. */
export function askedScope(scope: Scope): AskedSet {
  return {
    key: [formatRange(scope.range), scope.group, scope.filter.trim()],
    at: (nowMs) => setOf(scope, nowMs),
  };
}

/** What `b` means beside `a`. */
export function askedB(a: Scope, b: SetB): AskedSet {
  if (b.kind === 'rest') {
    const filter = a.filter.trim();
    // Of all traces nothing is left: no trace is both.
    return askedScope({ ...a, filter: filter ? `!(${filter})` : 'ok AND !ok' });
  }
  const filter = b.filter ?? a.filter;
  const group = b.group ?? a.group;
  const range = b.range ?? a.range;
  if (typeof range !== 'string') return askedScope({ range, group, filter });
  return {
    key: [range, formatRange(a.range), group, filter.trim()],
    at: (nowMs) => {
      const own = resolveRange(a.range, nowMs);
      const back = shiftSeconds(range, own);
      return {
        start: own.start - back,
        end: own.end - back,
        filter: filter.trim() || null,
        group: group || null,
      };
    },
  };
}

/** How much earlier than `a` the times of `b` are, seconds; null where they are not the same times moved. */
export function secondsEarlier(a: Scope, b: SetB): number | null {
  if (b.kind === 'rest' || b.range === null) return 0;
  if (typeof b.range === 'string') return shiftSeconds(b.range, resolveRange(a.range, 0));
  return formatRange(a.range) === formatRange(b.range) ? 0 : null;
}

function shiftSeconds(shift: Shift, range: { start: number; end: number }): number {
  if (shift === 'before') return range.end - range.start;
  return shift === 'day-before' ? 86_400 : 604_800;
}

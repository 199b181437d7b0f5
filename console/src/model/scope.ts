import { conjunctsOf } from './filterTokens';
import { DEFAULT_RANGE, formatRange, parseRange, resolveRange, type TimeRange } from './timeRange';

/** What nearly every page is about: the traces of a time range, of a group ("" for all), that satisfy a filter. */
export interface Scope {
  range: TimeRange;
  group: string;
  filter: string;
}

export const DEFAULT_SCOPE: Scope = { range: DEFAULT_RANGE, group: '', filter: '' };

/** The scope of an address; what cannot be read is the default. */
export function scopeFrom(query: URLSearchParams): Scope {
  return {
    range: parseRange(query.get('timeRange')) ?? DEFAULT_RANGE,
    group: query.get('group') ?? '',
    filter: query.get('filter') ?? '',
  };
}

/** The part of an address that says the scope; what is the default is left out. */
export function scopeQuery(scope: Scope): URLSearchParams {
  const query = new URLSearchParams();
  const range = formatRange(scope.range);
  if (range !== formatRange(DEFAULT_RANGE)) query.set('timeRange', range);
  if (scope.group) query.set('group', scope.group);
  if (scope.filter.trim()) query.set('filter', scope.filter);
  return query;
}

/** The member `set` of a question, for the instants that the range means now. */
export function setOf(scope: Scope, nowMs: number) {
  return {
    ...resolveRange(scope.range, nowMs),
    filter: scope.filter.trim() || null,
    group: scope.group || null,
  };
}

/** The scope that a set of an answer is of. */
export function scopeOfSet(set: { start: number; end: number; filter: string; group: string | null }): Scope {
  return { range: { kind: 'between', start: set.start, end: set.end }, filter: set.filter, group: set.group ?? '' };
}

/** Both conditions at once; an empty one asks for nothing, and what is asked already is not asked again. */
export function bothOf(filter: string, more: string): string {
  if (!filter.trim()) return more;
  if (!more.trim()) return filter;
  const asked = conjunctsOf(filter);
  const wanted = conjunctsOf(more);
  const missing = wanted?.filter((condition) => !asked?.includes(condition)).join(' AND ') ?? `(${more.trim()})`;
  if (!missing) return filter;
  return `${asked ? filter.trim() : `(${filter.trim()})`} AND ${missing}`;
}

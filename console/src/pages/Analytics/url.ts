import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import type { AttributeId, AttributeKind } from '@/model/conditions';
import { type Scope, scopeFrom, scopeQuery } from '@/model/scope';
import { formatRange, parseRange, type TimeRange } from '@/model/timeRange';
import { type SetB, SHIFTS, type Shift } from '@/model/traceSets';

/** Everything that this page shows: set A, what it is compared with, and by what it is divided. */
export interface AnalyticsView {
  a: Scope;
  b: SetB | null;
  groupBy: AttributeId | null;
  /** Whether the comparison was asked for. */
  isComparing: boolean;
}

/** The address of this page. */
export function analyticsUrl(scope: Scope, more: Partial<Omit<AnalyticsView, 'a'>> = {}): string {
  const query = viewQuery({ a: scope, b: null, groupBy: null, isComparing: false, ...more }).toString();
  return `/analytics${query ? `?${query}` : ''}`;
}

/** The part of an address that says what is shown. */
export function viewQuery(view: AnalyticsView): URLSearchParams {
  const query = scopeQuery(view.a);
  const { b, groupBy } = view;
  if (groupBy) query.set('groupBy', groupBy.kind === 'annotation' ? `annotation.${groupBy.key}` : groupBy.kind);
  if (b?.kind === 'rest') query.set('b', 'rest');
  if (b?.kind === 'other') {
    query.set('b', 'other');
    if (b.filter !== null) query.set('bFilter', b.filter);
    if (b.range !== null) query.set('bTimeRange', typeof b.range === 'string' ? b.range : formatRange(b.range));
    if (b.group !== null) query.set('bGroup', b.group);
  }
  if (view.isComparing) query.set('compare', 'true');
  return query;
}

/** What an address says; what cannot be read is left out. */
export function viewFrom(query: URLSearchParams): AnalyticsView {
  return {
    a: scopeFrom(query),
    b: setBFrom(query),
    groupBy: attributeFrom(query.get('groupBy')),
    isComparing: query.get('compare') === 'true',
  };
}

/** What the address shows, and a way to change it. */
export function useAnalyticsView(): [AnalyticsView, (change: Partial<AnalyticsView>) => void] {
  const [query, setQuery] = useSearchParams();
  const view = useMemo(() => viewFrom(query), [query]);
  const change = useCallback(
    (values: Partial<AnalyticsView>) => setQuery((before) => viewQuery({ ...viewFrom(before), ...values })),
    [setQuery],
  );
  return [view, change];
}

function setBFrom(query: URLSearchParams): SetB | null {
  if (query.get('b') === 'rest') return { kind: 'rest' };
  const filter = query.get('bFilter');
  const range = rangeFrom(query.get('bTimeRange'));
  const group = query.get('bGroup');
  const isOther = query.get('b') === 'other' || filter !== null || range !== null || group !== null;
  return isOther ? { kind: 'other', filter, range, group } : null;
}

function rangeFrom(text: string | null): TimeRange | Shift | null {
  return SHIFTS.find((shift) => shift === text) ?? parseRange(text);
}

const KINDS: readonly AttributeKind[] = [
  'url',
  'method',
  'status',
  'user',
  'user_agent',
  'client_ip',
  'service',
  'entry_point',
  'outcome',
  'response_time_root_cause',
  'fault_root_cause',
  'error_root_cause',
  'availability_zone',
  'instance',
  'resource_arn',
];

function attributeFrom(text: string | null): AttributeId | null {
  if (text?.startsWith('annotation.')) return { kind: 'annotation', key: text.slice('annotation.'.length) };
  const kind = KINDS.find((each) => each === text);
  return kind ? { kind, key: '' } : null;
}

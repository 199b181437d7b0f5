import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { CATEGORIES, type Category } from '@/model/insights';
import { formatRange, parseRange, type TimeRange } from '@/model/timeRange';

export const STATES = ['ACTIVE', 'CLOSED'] as const;

/** What the list shows: the incidents of a time and a group ("" for all), of a state and a category; null for all. */
export interface InsightsView {
  range: TimeRange;
  group: string;
  state: (typeof STATES)[number] | null;
  category: Category | null;
}

/** Incidents are rarer than traces: without a time in its address this page shows a day. */
export const LAST_DAY: TimeRange = { kind: 'last', seconds: 86_400 };

/** The address of this page; what is not given is as usual. */
export function insightsUrl(view: Partial<InsightsView> = {}): string {
  const query = viewQuery({ range: LAST_DAY, group: '', state: null, category: null, ...view }).toString();
  return `/insights${query ? `?${query}` : ''}`;
}

/** What an address shows; what cannot be read is as usual. */
export function viewFrom(query: URLSearchParams): InsightsView {
  return {
    range: parseRange(query.get('timeRange')) ?? LAST_DAY,
    group: query.get('group') ?? '',
    state: STATES.find((state) => state.toLowerCase() === query.get('state')) ?? null,
    category: CATEGORIES.find((category) => category === query.get('category')) ?? null,
  };
}

/** The part of an address that says what is shown. */
export function viewQuery(view: InsightsView): URLSearchParams {
  const query = new URLSearchParams();
  const range = formatRange(view.range);
  if (range !== formatRange(LAST_DAY)) query.set('timeRange', range);
  if (view.group) query.set('group', view.group);
  if (view.state) query.set('state', view.state.toLowerCase());
  if (view.category) query.set('category', view.category);
  return query;
}

/** What the address shows, and a way to change it. */
export function useInsightsView(): [InsightsView, (change: Partial<InsightsView>) => void] {
  const [query, setQuery] = useSearchParams();
  const view = useMemo(() => viewFrom(query), [query]);
  const change = useCallback(
    (values: Partial<InsightsView>) => setQuery((before) => viewQuery({ ...viewFrom(before), ...values })),
    [setQuery],
  );
  return [view, change];
}

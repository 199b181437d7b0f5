import type { Signal } from '@/model/insights';
import { formatRange, resolveRange, type TimeRange } from '@/model/timeRange';
import { useRefreshInterval } from './refresh';
import { useAsk } from './useAsk';

/** The most insights that are asked for at once; the answer says how many there are. */
export const MOST_INSIGHTS = 500;
// A minute is judged when it is over: to look more often shows nothing new.
const EVERY_MS = 30_000;

/** The insights that were active in a time, of one group or of all (""), and how groups are watched. */
export function useInsights(range: TimeRange, group: string) {
  const preferred = useRefreshInterval();
  return useAsk(
    'insights',
    [formatRange(range), group],
    () => ({ ...resolveRange(range, Date.now()), group: group || null, limit: MOST_INSIGHTS }),
    { refetchInterval: preferred || EVERY_MS },
  );
}

/** The incidents that last, of one group or of all (""): one question for everything that marks them. */
export function useActiveInsights(group: string) {
  return useAsk(
    'insights',
    ['active', group],
    () => ({ group: group || null, state: 'ACTIVE' as const, limit: MOST_INSIGHTS }),
    { refetchInterval: EVERY_MS },
  );
}

/** How all groups are watched. */
export function useWatches() {
  return useAsk('insights', ['watches'], () => ({ state: 'ACTIVE' as const, limit: 1 }), {
    refetchInterval: EVERY_MS,
  });
}

/** Everything about one insight; asked again while it is active. */
export function useInsight(id: string) {
  return useAsk('insight', [id], () => ({ id }), {
    // Another incident is no placeholder for this one.
    placeholderData: (before) => (before?.insight.id === id ? before : undefined),
    refetchInterval: (query) => (query.state.data?.insight.state === 'ACTIVE' ? EVERY_MS : false),
  });
}

/** A node or an edge, as `bands` is asked for one. */
export type BandOf = { node: { name: string; type: string } } | { edge: { source: Named; target: Named } };
interface Named {
  name: string;
  type: string;
}

/** What was observed and expected of a signal, minute by minute. */
export function useBands(
  set: { start: number; end: number; group: string | null },
  of: BandOf,
  signal: Signal,
  isActive: boolean,
) {
  return useAsk('bands', [set, of, signal], () => ({ set: { ...set, filter: null }, signal, ...of }), {
    staleTime: isActive ? EVERY_MS : Number.POSITIVE_INFINITY,
  });
}

import type { Question } from '@/api/client';
import type { Scope } from '@/model/scope';
import { usePreferences } from '@/stores/preferences';
import { useRefreshInterval } from './refresh';
import { scopeKey, setNow } from './scope';
import { useAsk } from './useAsk';

/** What figures over time are of: a node, or an edge. */
export type TimeSeriesOf = Pick<Question<'time_series'>, 'node' | 'edge'>;

/** The figures of a node or an edge of the map over time. */
export function useTimeSeries(scope: Scope, of: TimeSeriesOf) {
  const lambdaView = usePreferences((preferences) => preferences.lambdaView);
  return useAsk(
    'time_series',
    [...scopeKey(scope), lambdaView, of],
    () => ({ set: setNow(scope), lambda_view: lambdaView, ...of }),
    { refetchInterval: useRefreshInterval() },
  );
}

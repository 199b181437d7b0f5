import type { Scope } from '@/model/scope';
import { useRefreshInterval } from './refresh';
import { scopeKey, setNow } from './scope';
import { useAsk } from './useAsk';

/** How long the traces of a scope took over time. `refreshS` overrides the preference. */
export function useHeatMap(scope: Scope, isEnabled: boolean, refreshS?: number) {
  return useAsk('heat_map', scopeKey(scope), () => ({ set: setNow(scope), bucket_s: null }), {
    enabled: isEnabled,
    refetchInterval: useRefreshInterval(refreshS),
  });
}

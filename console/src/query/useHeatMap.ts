import type { Scope } from '@/model/scope';
import { usePreferences } from '@/stores/preferences';
import { scopeKey, setNow } from './scope';
import { useAsk } from './useAsk';

/** How long the traces of a scope took over time. `refreshS` overrides the preference. */
export function useHeatMap(scope: Scope, isEnabled: boolean, refreshS?: number) {
  const preferred = usePreferences((preferences) => preferences.refreshS);
  const everyS = refreshS ?? preferred;
  return useAsk('heat_map', scopeKey(scope), () => ({ set: setNow(scope), bucket_s: null }), {
    enabled: isEnabled,
    refetchInterval: everyS ? everyS * 1000 : false,
  });
}

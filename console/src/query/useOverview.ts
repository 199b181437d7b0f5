import type { Scope } from '@/model/scope';
import { usePreferences } from '@/stores/preferences';
import { scopeKey, setNow } from './scope';
import { useAsk } from './useAsk';

/** A set at a glance: how many traces, how they ended, how long they took. `refreshS` overrides the preference. */
export function useOverview(scope: Scope, isEnabled: boolean, refreshS?: number) {
  const preferred = usePreferences((preferences) => preferences.refreshS);
  const everyS = refreshS ?? preferred;
  return useAsk('overview', scopeKey(scope), () => ({ set: setNow(scope), bucket_s: null }), {
    enabled: isEnabled,
    refetchInterval: everyS ? everyS * 1000 : false,
  });
}

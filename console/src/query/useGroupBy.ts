import type { AttributeId } from '@/model/conditions';
import type { Scope } from '@/model/scope';
import { usePreferences } from '@/stores/preferences';
import { scopeKey, setNow } from './scope';
import { useAsk } from './useAsk';

/** A set divided by an attribute, most traces first. `refreshS` overrides the preference. */
export function useGroupBy(scope: Scope, attribute: AttributeId, limit: number, isEnabled: boolean, refreshS?: number) {
  const preferred = usePreferences((preferences) => preferences.refreshS);
  const everyS = refreshS ?? preferred;
  return useAsk(
    'group_by',
    [...scopeKey(scope), attribute.kind, attribute.key, limit],
    () => ({ set: setNow(scope), attribute, limit }),
    { enabled: isEnabled, refetchInterval: everyS ? everyS * 1000 : false },
  );
}

/** What a set can be grouped by. */
export function useAttributes(scope: Scope, isEnabled: boolean) {
  return useAsk('attributes', scopeKey(scope), () => ({ set: setNow(scope) }), {
    enabled: isEnabled,
    staleTime: 30_000,
  });
}

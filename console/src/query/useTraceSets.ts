import type { AttributeId } from '@/model/conditions';
import type { AskedSet } from '@/model/traceSets';
import { usePreferences } from '@/stores/preferences';
import { useAsk } from './useAsk';

/** A set at a glance; nothing is asked while `set` is null. */
export function useSetOverview(set: AskedSet | null) {
  return useAsk('overview', set?.key ?? [], () => ({ set: nowOf(set) }), { enabled: set !== null, ...useRefresh() });
}

/** What a set can be grouped by. */
export function useSetAttributes(set: AskedSet) {
  return useAsk('attributes', set.key, () => ({ set: nowOf(set) }), { staleTime: 30_000 });
}

/** A set divided by an attribute; nothing is asked while either is null. */
export function useSetGroups(set: AskedSet | null, attribute: AttributeId | null, limit: number) {
  return useAsk(
    'group_by',
    [...(set?.key ?? []), attribute?.kind, attribute?.key, limit],
    () => ({ set: nowOf(set), attribute: attribute ?? { kind: 'outcome', key: '' }, limit }),
    { enabled: set !== null && attribute !== null, ...useRefresh() },
  );
}

/**
 * What sets A apart from B; without B from the rest. It may take seconds, so that it is asked only when `enabled`, and
 * what was said of other sets is not shown meanwhile.
 */
export function useCompareSets(a: AskedSet, b: AskedSet | null, enabled: boolean) {
  return useAsk('compare', [...a.key, 'with', ...(b?.key ?? ['rest'])], () => ({ a: nowOf(a), b: b && nowOf(b) }), {
    enabled,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: () => undefined,
  });
}

function nowOf(set: AskedSet | null) {
  return set ? set.at(Date.now()) : {};
}

function useRefresh() {
  const refreshS = usePreferences((preferences) => preferences.refreshS);
  return { refetchInterval: refreshS ? refreshS * 1000 : (false as const) };
}

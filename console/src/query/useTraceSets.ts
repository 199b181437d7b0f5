import type { AttributeId } from '@/model/conditions';
import type { AskedSet } from '@/model/traceSets';
import { useRefreshInterval } from './refresh';
import { useAsk } from './useAsk';

/** A set at a glance; nothing is asked while `set` is null. `refreshS` overrides the preference. */
export function useSetOverview(set: AskedSet | null, refreshS?: number) {
  return useAsk('overview', set?.key ?? [], () => ({ set: nowOf(set) }), {
    enabled: set !== null,
    refetchInterval: useRefreshInterval(refreshS),
  });
}

/** What a set can be grouped by; nothing is asked while `set` is null. */
export function useSetAttributes(set: AskedSet | null) {
  return useAsk('attributes', set?.key ?? [], () => ({ set: nowOf(set) }), {
    enabled: set !== null,
    staleTime: 30_000,
  });
}

/** A set divided by an attribute; nothing is asked while either is null. `refreshS` overrides the preference. */
export function useSetGroups(set: AskedSet | null, attribute: AttributeId | null, limit: number, refreshS?: number) {
  return useAsk(
    'group_by',
    [...(set?.key ?? []), attribute?.kind, attribute?.key, limit],
    () => ({ set: nowOf(set), attribute: attribute ?? { kind: 'outcome', key: '' }, limit }),
    { enabled: set !== null && attribute !== null, refetchInterval: useRefreshInterval(refreshS) },
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

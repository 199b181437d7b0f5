import type { Schemas } from '@/api/client';
import { bothOf, type Scope } from '@/model/scope';
import { scopeKey, setNow } from './scope';
import { useAsk } from './useAsk';

/** How the requests that entered the application fared over time. */
export function useRequestSeries(scope: Scope) {
  return useAsk('time_series', [...scopeKey(scope), 'entered'], () => ({ set: setNow(scope) }), {
    refetchInterval: EVERY_MS,
  });
}

/** The first few traces of a scope in an order; `condition` narrows its filter. */
export function useFewTraces(scope: Scope, order: Schemas['TracesAnswer']['order'], condition: string, limit: number) {
  const narrowed = { ...scope, filter: bothOf(scope.filter, condition) };
  return useAsk('find_traces', [...scopeKey(narrowed), order, limit], () => ({ set: setNow(narrowed), order, limit }), {
    refetchInterval: EVERY_MS,
  });
}

// Home is looked at to see whether all is well: it renews itself.
const EVERY_MS = 15_000;

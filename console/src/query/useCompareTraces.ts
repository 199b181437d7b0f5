import { useAsk } from './useAsk';

/** What differs between two traces; nothing is asked while one of them is missing. */
export function useCompareTraces(a: string | null, b: string | null) {
  return useAsk('compare_traces', [a, b], () => ({ a: a ?? '', b: b ?? '' }), {
    enabled: a !== null && b !== null,
    staleTime: 15_000,
  });
}

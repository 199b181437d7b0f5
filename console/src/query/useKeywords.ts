import { useAsk } from './useAsk';

/** Everything a filter expression can be made of; the same as long as the server runs. */
export function useKeywords() {
  return useAsk('list_keywords', [], () => ({}), { staleTime: Number.POSITIVE_INFINITY });
}

import { useAsk } from './useAsk';

/** Whether the server can read a filter expression; null asks nothing. Answers are of exactly this text. */
export function useCheckFilter(filter: string | null) {
  return useAsk('check_filter', [filter], () => ({ filter: filter ?? '' }), {
    enabled: filter !== null && filter.trim() !== '',
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    placeholderData: (before) => before,
    retry: false,
  });
}

import { useAsk } from './useAsk';

/** All groups, Default first. */
export function useGroups() {
  return useAsk('list_groups', [], () => ({}), { staleTime: 30_000 });
}

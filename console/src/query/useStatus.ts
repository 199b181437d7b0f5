import { useAsk } from './useAsk';

/** The server's own state; asked every ten seconds, and every two while the server is away or a page `isWaiting`. */
export function useStatus(isWaiting = false) {
  return useAsk('status', [], () => ({}), {
    refetchInterval: (query) => (isWaiting || query.state.status === 'error' ? 2_000 : 10_000),
    refetchIntervalInBackground: true,
  });
}

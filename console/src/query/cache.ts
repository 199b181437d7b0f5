import { keepPreviousData, QueryCache, QueryClient } from '@tanstack/react-query';
import { Trouble } from '@/api/client';
import { useConnection } from '@/stores/connection';

/** The one query cache: what was seen stays shown while it is asked again, and while the server is away. */
export const queryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error) => {
      if (error instanceof Trouble && error.kind === 'unreachable') useConnection.getState().report('away');
      if (error instanceof Trouble && error.kind === 'session') useConnection.getState().report('session');
    },
    onSuccess: () => useConnection.getState().report('ok'),
  }),
  defaultOptions: {
    queries: {
      // A question that was refused is refused again.
      retry: (count, error) => count < 2 && !(error instanceof Trouble && error.kind !== 'unreachable'),
      retryDelay: 500,
      refetchOnWindowFocus: false,
      placeholderData: keepPreviousData,
      staleTime: 5_000,
    },
  },
});

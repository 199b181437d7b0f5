import { type UseQueryOptions, type UseQueryResult, useQuery } from '@tanstack/react-query';
import { type Answer, ask, type OperationId, type Question, type Trouble } from '@/api/client';
import { queryClient } from './cache';

type Options<Id extends OperationId> = Omit<UseQueryOptions<Answer<Id>, Trouble>, 'queryKey' | 'queryFn'>;

/**
 * The answer to a question, kept and asked again when `refetchInterval` says so.
 *
 * `question` is built when it is asked, so that "the last hour" ends now; `key` says when it is another one.
 */
export function useAsk<Id extends OperationId>(
  id: Id,
  key: readonly unknown[],
  question: () => Question<Id>,
  options: Options<Id> = {},
): UseQueryResult<Answer<Id>, Trouble> {
  return useQuery<Answer<Id>, Trouble>({
    queryKey: [id, ...key],
    queryFn: ({ signal }) => ask(id, question(), signal),
    ...options,
  });
}

/** Have the answer to a question on its way before a page asks it with `useAsk` and the same key. */
export function prefetchAsk<Id extends OperationId>(
  id: Id,
  key: readonly unknown[],
  question: () => Question<Id>,
): Promise<void> {
  return queryClient.prefetchQuery<Answer<Id>, Trouble>({
    queryKey: [id, ...key],
    queryFn: ({ signal }) => ask(id, question(), signal),
  });
}

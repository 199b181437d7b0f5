import { type InfiniteData, keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { type Answer, ask, type Question, type Schemas, type Trouble } from '@/api/client';
import type { Scope } from '@/model/scope';
import { useRefreshInterval } from './refresh';
import { scopeKey, setNow } from './scope';
import { useAsk } from './useAsk';

export type TraceOrder = Schemas['TraceOrder'];

interface Page {
  question: Question<'find_traces'>;
  answer: Answer<'find_traces'>;
}

/**
 * The traces of a scope, page after page. All pages are of the instants that the range meant when the first was asked,
 * so that none is skipped or shown twice while others arrive.
 */
export function useTraceList(scope: Scope, order: TraceOrder, limit: number, isEnabled: boolean) {
  return useInfiniteQuery<Page, Trouble, InfiniteData<Page>, readonly unknown[], Question<'find_traces'> | null>({
    queryKey: ['find_traces', ...scopeKey(scope), order, limit],
    initialPageParam: null,
    queryFn: async ({ pageParam, signal }) => {
      const question = pageParam ?? { set: setNow(scope), order, limit, cursor: null };
      return { question, answer: await ask('find_traces', question, signal) };
    },
    getNextPageParam: ({ question, answer }) => (answer.next === null ? null : { ...question, cursor: answer.next }),
    placeholderData: keepPreviousData,
    refetchInterval: useRefreshInterval(),
    enabled: isEnabled,
  });
}

const LIVE_MS = 2_000;

/** The newest traces of a scope, asked for again and again unless it is paused; never while the page is hidden. */
export function useLiveTraces(scope: Scope, limit: number, state: 'off' | 'paused' | 'on') {
  return useAsk(
    'find_traces',
    [...scopeKey(scope), 'live', limit],
    () => ({ set: setNow(scope), order: 'newest' as const, limit, cursor: null }),
    {
      enabled: state !== 'off',
      refetchInterval: state === 'on' ? LIVE_MS : false,
      staleTime: state === 'paused' ? Number.POSITIVE_INFINITY : 0,
    },
  );
}

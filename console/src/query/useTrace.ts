import { prefetchAsk, useAsk } from './useAsk';

/** How often a trace is asked for again while it is not there or not finished. */
const AGAIN_MS = 3_000;
/** Seconds after its start for which an unfinished trace is asked for again. */
export const SETTLES_S = 600;

/**
 * The timeline of a trace. One that began lately and is not finished is asked for again until it is; `awaited` asks
 * again for one that has not arrived.
 */
export function useTimeline(traceId: string | null, awaited: boolean) {
  return useAsk('timeline', [traceId], () => ({ trace_id: traceId ?? '' }), {
    enabled: traceId !== null,
    // Another trace is no placeholder for this one.
    placeholderData: (before) => (before?.trace_id === traceId ? before : undefined),
    staleTime: 15_000,
    refetchInterval: (query) => {
      const { data, error } = query.state;
      if (error) return awaited && error.code === 'unknown_trace' ? AGAIN_MS : false;
      return data?.is_partial && Date.now() / 1000 - data.start < SETTLES_S ? AGAIN_MS : false;
    },
  });
}

/** Have the timeline of a trace on its way before `useTimeline` asks for it. */
export function prefetchTimeline(traceId: string): Promise<void> {
  return prefetchAsk('timeline', [traceId], () => ({ trace_id: traceId }));
}

/** Everything that was sent of one span; the span before stays until it is there. */
export function useSpan(traceId: string, spanId: string, isUnfinished: boolean) {
  return useAsk('span', [traceId, spanId], () => ({ trace_id: traceId, span_id: spanId }), {
    staleTime: 60_000,
    refetchInterval: isUnfinished ? AGAIN_MS : false,
  });
}

/** The documents of a trace, asked for when they are wanted. */
export function useTraceDocuments(traceId: string, isWanted: boolean) {
  return useAsk('trace_documents', [traceId], () => ({ trace_id: traceId }), {
    enabled: isWanted,
    placeholderData: (before) => (before?.trace_id === traceId ? before : undefined),
    staleTime: 15_000,
    structuralSharing: false,
  });
}

import type { Scope } from '@/model/scope';
import { usePreferences } from '@/stores/preferences';
import { scopeKey, setNow } from './scope';
import { useAsk } from './useAsk';

/** The service map of a scope, in the Lambda view that is preferred. */
export function useMap(scope: Scope) {
  const { lambdaView, refreshS } = usePreferences();
  return useAsk('map', [...scopeKey(scope), lambdaView], () => ({ set: setNow(scope), lambda_view: lambdaView }), {
    refetchInterval: refreshS ? refreshS * 1000 : false,
  });
}

/** The service map of one trace, asked for when it is wanted. */
export function useTraceMap(traceId: string, isWanted = true) {
  const lambdaView = usePreferences((preferences) => preferences.lambdaView);
  return useAsk('trace_map', [traceId, lambdaView], () => ({ trace_id: traceId, lambda_view: lambdaView }), {
    enabled: isWanted,
    placeholderData: (before) => (before?.trace_id === traceId ? before : undefined),
  });
}

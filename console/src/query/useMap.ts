import type { Scope } from '@/model/scope';
import { usePreferences } from '@/stores/preferences';
import { useRefreshInterval } from './refresh';
import { scopeKey, setNow } from './scope';
import { prefetchAsk, useAsk } from './useAsk';

/** The service map of a scope, in the Lambda view that is preferred. */
export function useMap(scope: Scope) {
  const lambdaView = usePreferences((preferences) => preferences.lambdaView);
  return useAsk(...mapQuestion(scope, lambdaView), { refetchInterval: useRefreshInterval() });
}

/** Have the service map of a scope on its way before `useMap` asks for it. */
export function prefetchMap(scope: Scope): Promise<void> {
  return prefetchAsk(...mapQuestion(scope, usePreferences.getState().lambdaView));
}

function mapQuestion(scope: Scope, lambdaView: 'merged' | 'raw') {
  return ['map', [...scopeKey(scope), lambdaView], () => ({ set: setNow(scope), lambda_view: lambdaView })] as const;
}

/** The service map of the time of an incident, with the nodes that insights name. */
export function useIncidentMap(set: { start: number; end: number; group: string | null }) {
  return useAsk('map', ['incident', set], () => ({ set: { ...set, filter: null }, lambda_view: 'merged' as const }), {
    staleTime: 60_000,
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

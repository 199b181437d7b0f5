import { type Scope, scopeFrom, scopeQuery } from '@/model/scope';

/** Tabs of the panel of a span; `raw` without a span shows the documents of the trace. */
export const TABS = ['overview', 'resources', 'annotations', 'metadata', 'exceptions', 'sql', 'raw'] as const;
export type Tab = (typeof TABS)[number];

/** What is shown of a trace. */
export interface TraceState {
  span: string | null;
  tab: Tab;
  /** A stretch of the trace in microseconds, `from~to`. */
  zoom: string | null;
  find: string;
  only: 'all' | 'errors' | 'path';
  /** Key of the node of the trace map whose spans stand out. */
  node: string | null;
}

/**
 * The address of a trace, of one of its spans where it is given.
 *
 * `scope` is that of the list one comes from: the way back leads there.
 */
export function traceUrl(traceId: string, spanId?: string, scope?: Scope): string {
  const query = scope ? scopeQuery(scope) : new URLSearchParams();
  if (spanId) query.set('span', spanId);
  const text = query.toString();
  return `/traces/${encodeURIComponent(traceId)}${text ? `?${text}` : ''}`;
}

/** What an address shows; what cannot be read is left at its default. */
export function traceStateFrom(query: URLSearchParams): TraceState {
  const tab = query.get('tab');
  const only = query.get('only');
  return {
    span: query.get('span')?.toLowerCase() ?? null,
    tab: TABS.find((known) => known === tab) ?? 'overview',
    zoom: query.get('zoom'),
    find: query.get('find') ?? '',
    only: only === 'errors' || only === 'path' ? only : 'all',
    node: query.get('node'),
  };
}

/** The address' query for this state; the scope in it stays. */
export function traceQuery(before: URLSearchParams, state: TraceState): URLSearchParams {
  const query = scopeQuery(scopeFrom(before));
  if (state.span) query.set('span', state.span);
  if (state.tab !== 'overview') query.set('tab', state.tab);
  if (state.zoom) query.set('zoom', state.zoom);
  if (state.find) query.set('find', state.find);
  if (state.only !== 'all') query.set('only', state.only);
  if (state.node) query.set('node', state.node);
  return query;
}

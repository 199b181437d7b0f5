import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { SIGNALS, type Signal } from '@/model/insights';

/** What is shown of an incident. */
export interface InsightPlace {
  /** Keys of the node, or of both ends of the edge, whose expected range is drawn; null for the root cause */
  of: readonly string[] | null;
  /** The signal that is drawn; null for that of the root cause */
  signal: Signal | null;
  /** Whether nodes that the incident does not touch are on the map */
  isWhole: boolean;
}

const OWN = ['of', 'signal', 'map'] as const;

/** The address of an insight. `query` is that of the list one comes from: the way back leads there. */
export function insightUrl(id: string, query = new URLSearchParams()): string {
  const text = query.toString();
  return `/insights/${encodeURIComponent(id)}${text ? `?${text}` : ''}`;
}

/** What an address shows; what cannot be read is as usual. */
export function placeFrom(query: URLSearchParams): InsightPlace {
  const of = query.getAll('of');
  return {
    of: of.length > 0 ? of.slice(0, 2) : null,
    signal: SIGNALS.find((signal) => signal === query.get('signal')) ?? null,
    isWhole: query.get('map') === 'whole',
  };
}

/** The query with another place; what it says of the list stays. */
export function withPlace(query: URLSearchParams, place: InsightPlace): URLSearchParams {
  const after = new URLSearchParams(query);
  for (const name of OWN) after.delete(name);
  for (const key of place.of ?? []) after.append('of', key);
  if (place.signal) after.set('signal', place.signal);
  if (place.isWhole) after.set('map', 'whole');
  return after;
}

/** What of the address is that of the list. */
export function listQuery(query: URLSearchParams): URLSearchParams {
  return withPlace(query, { of: null, signal: null, isWhole: false });
}

/** What the address shows, and a way to change it that leaves no trail to go back through. */
export function useInsightPlace(): [InsightPlace, (change: Partial<InsightPlace>) => void] {
  const [query, setQuery] = useSearchParams();
  const place = useMemo(() => placeFrom(query), [query]);
  const change = useCallback(
    (values: Partial<InsightPlace>) =>
      setQuery((before) => withPlace(before, { ...placeFrom(before), ...values }), { replace: true }),
    [setQuery],
  );
  return [place, change];
}

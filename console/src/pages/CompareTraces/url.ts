import { CHANGES, type Change } from '@/model/comparedPaths';

/** What the page of two traces shows; ids as the address has them, empty where it has none. */
export interface CompareState {
  a: string;
  b: string;
  change: Change | null;
}

/** The address of the comparison of two traces. */
export function compareTracesUrl(a: string, b: string): string {
  return `/compare-traces?${new URLSearchParams({ a, b })}`;
}

/** What an address shows. */
export function compareStateFrom(query: URLSearchParams): CompareState {
  const change = query.get('change');
  return {
    a: query.get('a') ?? '',
    b: query.get('b') ?? '',
    change: CHANGES.find((known) => known === change) ?? null,
  };
}

/** The address' query for this state. */
export function compareQuery(state: CompareState): URLSearchParams {
  const query = new URLSearchParams({ a: state.a, b: state.b });
  if (state.change) query.set('change', state.change);
  return query;
}

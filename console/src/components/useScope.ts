import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { type Scope, scopeFrom, scopeQuery } from '@/model/scope';

const OWN = ['timeRange', 'group', 'filter'];

/** The scope of the address, and a way to change it that leaves everything else in the address as it is. */
export function useScope(): [Scope, (change: Partial<Scope>) => void] {
  const [query, setQuery] = useSearchParams();
  const scope = useMemo(() => scopeFrom(query), [query]);
  const change = useCallback(
    (values: Partial<Scope>) =>
      setQuery((before) => {
        const after = scopeQuery({ ...scopeFrom(before), ...values });
        for (const [name, value] of before) if (!OWN.includes(name)) after.append(name, value);
        return after;
      }),
    [setQuery],
  );
  return [scope, change];
}

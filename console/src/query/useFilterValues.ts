import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { ask } from '@/api/client';
import type { KnownValue, ValueSource } from '@/model/filterOptions';
import type { Scope } from '@/model/scope';
import { scopeKey, setNow } from './scope';

const FRESH_MS = 60_000;
const MAX_VALUES = 200;

/** A way to look up which values the traces of a scope have, whatever its filter; none where nobody answers. */
export function useFilterValues(scope: Scope): (source: ValueSource) => Promise<KnownValue[]> {
  const queryClient = useQueryClient();
  return useCallback(
    async (source) => {
      const of = { ...scope, filter: '' };
      try {
        return await queryClient.fetchQuery({
          queryKey: ['filter_values', ...scopeKey(of), source],
          queryFn: ({ signal }) => valuesOf(source, of, signal),
          staleTime: FRESH_MS,
          retry: false,
        });
      } catch {
        // Completion is a help: without values, keywords and operators are still offered.
        return [];
      }
    },
    [queryClient, scope],
  );
}

async function valuesOf(source: ValueSource, scope: Scope, signal: AbortSignal): Promise<KnownValue[]> {
  if (source.of === 'group-names' || source.of === 'group-arns') {
    const { groups } = await ask('list_groups', {}, signal);
    return groups.map(({ name, arn }) => ({ value: source.of === 'group-names' ? name : arn, traces: null }));
  }
  const set = setNow(scope);
  if (source.of === 'annotation-keys') {
    const { attributes } = await ask('attributes', { set }, signal);
    return attributes.filter(({ kind }) => kind === 'annotation').map(({ key }) => ({ value: key, traces: null }));
  }
  const { rows } = await ask('group_by', { set, attribute: source.attribute, limit: MAX_VALUES }, signal);
  return rows.flatMap(({ value, traces }) => (value === null ? [] : [{ value, traces }]));
}

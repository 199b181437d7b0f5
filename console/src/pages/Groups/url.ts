import { useSearchParams } from 'react-router';

/** What is open above the list: the form for a new group with this filter, or that of a group. */
export type OpenForm = { kind: 'create'; filter: string } | { kind: 'edit'; name: string } | null;

/** The address of this page, with a form open where one is given. */
export function groupsUrl(open: OpenForm = null): string {
  const query = queryOf(open).toString();
  return `/groups${query ? `?${query}` : ''}`;
}

/** What is open by the address, and a way to change it. */
export function useOpenForm(): [OpenForm, (open: OpenForm) => void] {
  const [query, setQuery] = useSearchParams();
  return [openFrom(query), (open) => setQuery(queryOf(open))];
}

/** What an address opens. */
export function openFrom(query: URLSearchParams): OpenForm {
  const edit = query.get('edit');
  if (edit) return { kind: 'edit', name: edit };
  return query.has('create') ? { kind: 'create', filter: query.get('create') ?? '' } : null;
}

function queryOf(open: OpenForm): URLSearchParams {
  const query = new URLSearchParams();
  if (open?.kind === 'create') query.set('create', open.filter);
  if (open?.kind === 'edit') query.set('edit', open.name);
  return query;
}

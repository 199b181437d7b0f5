import { type Scope, scopeQuery } from '@/model/scope';

/** What of the map is looked at: a node by its key or an edge by those of its ends. */
export type Selection =
  | { kind: 'node'; key: string }
  | { kind: 'edge'; source: string; target: string; isLink: boolean };

/** What this page's address says besides the scope. */
export interface MapPlace {
  selection: Selection | null;
  view: 'map' | 'list';
  /** The node whose connections alone are shown; null for the whole map */
  focus: string | null;
}

const PARTS = ['node', 'edge', 'view', 'focus'] as const;
const WHOLE: MapPlace = { selection: null, view: 'map', focus: null };

/** The address of this page. */
export function mapUrl(scope: Scope, place: Partial<MapPlace> = {}): string {
  const query = withPlace(scopeQuery(scope), { ...WHOLE, ...place }).toString();
  return `/map${query ? `?${query}` : ''}`;
}

/** What an address says; what cannot be read is the default. */
export function placeFrom(query: URLSearchParams): MapPlace {
  return {
    selection: selectionFrom(query),
    view: query.get('view') === 'list' ? 'list' : 'map',
    focus: query.get('focus'),
  };
}

/** The query with another place, everything else as it was. */
export function withPlace(query: URLSearchParams, place: MapPlace): URLSearchParams {
  const after = new URLSearchParams(query);
  for (const part of PARTS) after.delete(part);
  const { selection, view, focus } = place;
  if (selection?.kind === 'node') after.set('node', selection.key);
  if (selection?.kind === 'edge') {
    for (const part of [selection.source, selection.target, ...(selection.isLink ? ['link'] : [])]) {
      after.append('edge', part);
    }
  }
  if (view === 'list') after.set('view', view);
  if (focus !== null) after.set('focus', focus);
  return after;
}

function selectionFrom(query: URLSearchParams): Selection | null {
  const key = query.get('node');
  if (key !== null) return { kind: 'node', key };
  const [source, target, kind] = query.getAll('edge');
  return source !== undefined && target !== undefined
    ? { kind: 'edge', source, target, isLink: kind === 'link' }
    : null;
}

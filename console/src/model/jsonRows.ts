/** What stands in one line of a JSON value shown as a tree. */
export interface JsonRow {
  /** Where it is in the value: keys and positions, told apart by what they cannot contain. */
  path: string;
  depth: number;
  /** null for the value itself */
  key: string | null;
  kind: 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null';
  value: unknown;
  /** Members of an object, entries of an array. */
  count: number;
}

/**
 * The lines of a value as a tree, of which only the paths in `open` show what is inside. Without recursion: values may
 * be nested deeper than a stack goes. At most `limit` lines; `more` says that there would be others.
 */
export function jsonRows(value: unknown, open: ReadonlySet<string>, limit: number): { rows: JsonRow[]; more: boolean } {
  const rows: JsonRow[] = [];
  const waiting: { value: unknown; key: string | null; path: string; depth: number }[] = [
    { value, key: null, path: '', depth: 0 },
  ];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    if (rows.length >= limit) return { rows, more: true };
    const kind = kindOf(next.value);
    const inner = kind === 'object' || kind === 'array' ? Object.entries(next.value as object) : [];
    rows.push({ ...next, kind, count: inner.length });
    if (!open.has(next.path)) continue;
    // Only so many can ever be shown; those left out are told by `more`.
    for (let i = Math.min(inner.length, limit + 1) - 1; i >= 0; i -= 1) {
      const [key, member] = inner[i] ?? ['', null];
      waiting.push({ value: member, key, path: `${next.path}\u0000${key}`, depth: next.depth + 1 });
    }
  }
  return { rows, more: false };
}

function kindOf(value: unknown): JsonRow['kind'] {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'object') return 'object';
  if (typeof value === 'string') return 'string';
  return typeof value === 'number' ? 'number' : 'boolean';
}

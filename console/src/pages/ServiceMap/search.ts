import type { MapNode } from '@/graph/types';

/** Keys of the nodes whose name or type contains what is searched, in any case; null while nothing is searched. */
export function matching(
  search: string,
  nodes: readonly MapNode[],
  texts: { type(type: string): string },
): ReadonlySet<string> | null {
  const wanted = search.trim().toLowerCase();
  if (!wanted) return null;
  const found = nodes.filter((node) =>
    [node.name, node.type, texts.type(node.type)].some((text) => text.toLowerCase().includes(wanted)),
  );
  return new Set(found.map((node) => node.key));
}

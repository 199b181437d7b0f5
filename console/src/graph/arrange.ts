import ELK from 'elkjs/lib/elk-api';
import { inColumns } from './columns';
import { elkGraph, layoutOf } from './elkGraph';
import { layoutWorker } from './layoutWorker';
import { type Layout, type Structure, settle } from './structure';

const KEPT = 24;
const kept = new Map<string, Layout>();

const elk = new ELK({ workerFactory: layoutWorker });

/** The layout of a structure that was computed before; null where it was not. */
export function keptLayout(structure: Structure): Layout | null {
  return kept.get(structure.id) ?? null;
}

/**
 * A layout of a structure: clients left, calls to the right. Nodes that are in `before` keep their order and stay near
 * where they were.
 */
export async function arrange(structure: Structure, before: Layout | null): Promise<Layout> {
  const known = kept.get(structure.id);
  if (known) return known;
  const layout = settle(await layered(structure, before), before);
  kept.set(structure.id, layout);
  const [oldest] = kept.keys();
  if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
  return layout;
}

async function layered(structure: Structure, before: Layout | null): Promise<Layout> {
  try {
    return layoutOf(await elk.layout(elkGraph(structure, before)));
  } catch (error) {
    console.warn('This map is laid out in plain columns, because ELK could not:', error);
    return inColumns(structure);
  }
}

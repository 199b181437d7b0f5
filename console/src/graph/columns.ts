import { NODE_HEIGHT, NODE_WIDTH } from './measures';
import { directRoute } from './route';
import type { Layout, Structure } from './structure';
import type { Point } from './types';

const COLUMN_PX = NODE_WIDTH + 112;
const ROW_PX = NODE_HEIGHT + 16;

/**
 * A plain layout: every node in the column after the one it is first reached from, in the order of the structure.
 *
 * For graphs that ELK gives up: its network simplex recurses along cycles and can exceed the stack of a worker.
 */
export function inColumns(structure: Structure): Layout {
  const called = new Map<string, string[]>();
  for (const { source, target } of structure.edges) called.set(source, [...(called.get(source) ?? []), target]);
  const isCalled = new Set(structure.edges.filter((edge) => edge.source !== edge.target).map((edge) => edge.target));
  const columns = new Map<string, number>();
  // Clients first, then whom nobody calls, then what is left: nodes that call each other in circles.
  const starts = [
    ...structure.nodes.filter((node) => node.isClient),
    ...structure.nodes.filter((node) => !isCalled.has(node.key)),
    ...structure.nodes,
  ];
  for (const { key } of starts) {
    if (columns.has(key)) continue;
    columns.set(key, 0);
    const waiting = [key];
    for (let at = waiting.shift(); at !== undefined; at = waiting.shift()) {
      for (const next of called.get(at) ?? []) {
        if (columns.has(next)) continue;
        columns.set(next, (columns.get(at) ?? 0) + 1);
        waiting.push(next);
      }
    }
  }
  const filled = new Map<number, number>();
  const positions = new Map<string, Point>();
  for (const { key } of structure.nodes) {
    const column = columns.get(key) ?? 0;
    const row = filled.get(column) ?? 0;
    filled.set(column, row + 1);
    positions.set(key, { x: column * COLUMN_PX, y: row * ROW_PX });
  }
  const routes = new Map(
    structure.edges.flatMap((edge): [string, Point[]][] => {
      const [source, target] = [positions.get(edge.source), positions.get(edge.target)];
      return source && target ? [[edge.id, directRoute(source, target)]] : [];
    }),
  );
  return { positions, routes };
}

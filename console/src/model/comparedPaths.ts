import type { Schemas } from '@/api/client';

export type Change = Schemas['PathDifference'];

/** Every way in which a call path can have changed, what matters most first. */
export const CHANGES = ['only_a', 'only_b', 'slower', 'faster', 'same'] as const satisfies readonly Change[];

/** By how much longer (or, below 0, shorter) B was held than A, milliseconds. */
export function differenceMs(path: Schemas['ComparedPath']): number {
  return path.held_b_ms - path.held_a_ms;
}

/** The largest difference of all, so that bars share one scale; at least 1. */
export function largestDifferenceMs(paths: readonly Schemas['ComparedPath'][]): number {
  return paths.reduce((most, path) => Math.max(most, Math.abs(differenceMs(path))), 1);
}

/** How many paths there are of every change. */
export function countChanges(paths: readonly Schemas['ComparedPath'][]): Record<Change, number> {
  const counts: Record<Change, number> = { only_a: 0, only_b: 0, slower: 0, faster: 0, same: 0 };
  for (const path of paths) counts[path.change] += 1;
  return counts;
}

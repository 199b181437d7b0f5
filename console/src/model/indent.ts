const STEP_PX = 16;
/** The part of the column that the upper levels may take, and what all deeper ones share. */
const UPPER_SHARE = 0.4;
const DEEPER_SHARE = 0.12;

/**
 * How far the rows of a level (from 1) are moved in, in a column of this width. The upper levels are a full step apart;
 * where a tree is deeper than there is room for, the rest stands closer: there `isClose` asks for the level as a number.
 */
export function indentOf(level: number, maxLevel: number, widthPx: number): { px: number; isClose: boolean } {
  const full = Math.max(1, Math.floor((widthPx * UPPER_SHARE) / STEP_PX));
  const steps = level - 1;
  if (steps <= full) return { px: steps * STEP_PX, isClose: false };
  const deeper = Math.max(1, maxLevel - 1 - full);
  const step = Math.min(STEP_PX, (widthPx * DEEPER_SHARE) / deeper);
  return { px: full * STEP_PX + (steps - full) * step, isClose: step < STEP_PX / 2 };
}

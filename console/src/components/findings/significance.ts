import type { Schemas } from '@/api/client';

/** How far chance can be excluded, in words; `untested` where nothing was asked in earnest. */
export type Chance = 'certain' | 'strong' | 'some' | 'weak' | 'untested';

/** The word for a significance, by the share of false discoveries among findings as strong as this one. */
export function chanceOf(significance: Schemas['SignificanceShape'] | null): Chance {
  const q = significance?.q;
  if (q === null || q === undefined) return 'untested';
  if (q < 0.001) return 'certain';
  if (q < 0.01) return 'strong';
  return q < 0.05 ? 'some' : 'weak';
}

/** A probability as short as it can be read: `0.03`, `2e-27`. */
export function probabilityText(p: number): string {
  if (p === 0) return '0';
  return p < 0.001 ? p.toExponential(0) : String(Number(p.toPrecision(2)));
}

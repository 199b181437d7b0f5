import { conjunctsOf } from './filterTokens';

/** The conditions that a filter joins by AND, each as it is written; a filter that is an OR at its top is one. */
export function partsOf(filter: string): string[] {
  return filter.trim() ? (conjunctsOf(filter) ?? [filter.trim()]) : [];
}

/** The filter without its part at this position. */
export function withoutPart(filter: string, position: number): string {
  return partsOf(filter)
    .filter((_, index) => index !== position)
    .join(' AND ');
}

const LENGTH = /^responsetime\s*(>=|<=)\s*([0-9.]+(?:e[+-]?\d+)?)$/i;

/** The range of root response times that a filter asks for, milliseconds; null unless it gives both ends. */
export function responseTimesOf(filter: string): { fromMs: number; toMs: number } | null {
  const ends: Record<string, number> = {};
  for (const part of partsOf(filter)) {
    const found = LENGTH.exec(part);
    if (found) ends[found[1] ?? ''] = Number(found[2]) * 1000;
  }
  const fromMs = ends['>='];
  const toMs = ends['<='];
  return fromMs === undefined || toMs === undefined ? null : { fromMs, toMs };
}

/** The filter without any range of root response times. */
export function withoutResponseTimes(filter: string): string {
  return partsOf(filter)
    .filter((part) => !LENGTH.test(part))
    .join(' AND ');
}

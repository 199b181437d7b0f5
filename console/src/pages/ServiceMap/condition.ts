import type { Outcome } from '@/graph/measures';

/** What one chose to look at of a node's or an edge's requests. */
export interface Condition {
  /** none: whatever they came to */
  outcomes: readonly Outcome[];
  /** milliseconds, both ends inside; null: however long they took */
  range: { fromMs: number; toMs: number } | null;
}

export const NO_CONDITION: Condition = { outcomes: [], range: null };

/**
 * The filter expression for those requests of a node or an edge, `filter` being that for all of them:
 * `service("pay") { (fault OR error) AND responsetime >= 0.5 AND responsetime <= 2 }`.
 */
export function withCondition(filter: string, condition: Condition): string {
  const { outcomes, range } = condition;
  const parts: string[] = [];
  if (outcomes.length === 1) parts.push(outcomes.join(''));
  else if (outcomes.length > 1 && outcomes.length < 4) parts.push(`(${outcomes.join(' OR ')})`);
  if (range) {
    parts.push(`responsetime >= ${seconds(Math.max(0, range.fromMs - rounding(range.fromMs)))}`);
    parts.push(`responsetime <= ${seconds(range.toMs + rounding(range.toMs))}`);
  }
  return parts.length ? `${filter} { ${parts.join(' AND ')} }` : filter;
}

/** How far off a length may be that a histogram counts here: half of its last digit. */
function rounding(ms: number): number {
  let step = 1;
  while (ms >= 1000 * step) step *= 10;
  return step / 2;
}

function seconds(ms: number): string {
  return String(Math.round(ms * 1000) / 1_000_000);
}

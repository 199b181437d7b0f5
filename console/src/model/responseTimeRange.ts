import { responseTimeCondition } from './conditions';
import { conjunctsOf } from './filterTokens';
import { bothOf } from './scope';

/** The filter with this range of root response times, milliseconds, in place of the one it asks for. */
export function withResponseTimes(filter: string, fromMs: number, toMs: number): string {
  const conditions = conjunctsOf(filter);
  const others = conditions?.filter((condition) => !/^responsetime\s*[<>]=?\s*[\d.eE+-]+$/i.test(condition));
  // A dragged edge means no more than three digits; nothing that was inside falls out.
  const condition = responseTimeCondition(rounded(fromMs, Math.floor), rounded(toMs, Math.ceil));
  return bothOf(others ? others.join(' AND ') : filter, condition);
}

function rounded(ms: number, round: (value: number) => number): number {
  if (ms <= 0) return 0;
  const unit = 10 ** (Math.floor(Math.log10(ms)) - 2);
  return round(ms / unit) * unit;
}

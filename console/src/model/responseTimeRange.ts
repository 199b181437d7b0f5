import { responseTimeCondition } from './conditions';
import { conjunctsOf } from './filterTokens';
import { bothOf } from './scope';

/** The filter with this range of root response times, milliseconds, in place of the one it asks for. */
export function withResponseTimes(filter: string, fromMs: number, toMs: number): string {
  const conditions = conjunctsOf(filter);
  const others = conditions?.filter((condition) => !/^responsetime\s*[<>]=?\s*[\d.eE+-]+$/i.test(condition));
  return bothOf(others ? others.join(' AND ') : filter, responseTimeCondition(fromMs, toMs));
}

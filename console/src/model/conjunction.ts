/**
 * The conditions that a filter joins by AND, each as it is written: what can be shown, and taken away, one by one.
 *
 * A filter that is an OR at its top is one condition; nothing that stands in quotes, parentheses or braces is split.
 */
export function partsOf(filter: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let begin = 0;
  for (let at = 0; at < filter.length; at += 1) {
    const character = filter[at] ?? '';
    if (character === '"') at = endOfText(filter, at);
    else if ('([{'.includes(character)) depth += 1;
    else if (')]}'.includes(character)) depth -= 1;
    else if (depth === 0 && !isWord(filter[at - 1])) {
      const word = /^(and|or)(?![\w.[])/i.exec(filter.slice(at, at + 4))?.[1]?.toLowerCase();
      if (word === 'or') return [filter.trim()];
      if (word === 'and') {
        parts.push(filter.slice(begin, at).trim());
        begin = at + 3;
        at += 2;
      }
    }
  }
  parts.push(filter.slice(begin).trim());
  return depth === 0 && (parts.length === 1 || parts.every(Boolean)) ? parts.filter(Boolean) : [filter.trim()];
}

/** Both: the filter and one more condition, which is not repeated where it already stands. */
export function withCondition(filter: string, condition: string): string {
  const parts = partsOf(filter);
  const added = partsOf(condition).filter((part) => !parts.includes(part));
  return [...parts, ...added].map((part, _, all) => (all.length > 1 ? inParentheses(part) : part)).join(' AND ');
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
  const parts = partsOf(filter);
  return parts.filter((part) => !LENGTH.test(part)).join(' AND ');
}

function inParentheses(part: string): string {
  // Only an OR at the top has to be held together, and that is a part of its own.
  return partsOf(part).length === 1 && hasOr(part) ? `(${part})` : part;
}

function hasOr(part: string): boolean {
  let depth = 0;
  for (let at = 0; at < part.length; at += 1) {
    const character = part[at] ?? '';
    if (character === '"') at = endOfText(part, at);
    else if ('([{'.includes(character)) depth += 1;
    else if (')]}'.includes(character)) depth -= 1;
    else if (depth === 0 && !isWord(part[at - 1]) && /^or(?![\w.[])/i.test(part.slice(at, at + 3))) return true;
  }
  return false;
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /[\w.]/.test(character);
}

/** Where the text that begins at `at` ends; the end of all where it is not closed. */
function endOfText(filter: string, at: number): number {
  for (let end = at + 1; end < filter.length; end += 1) {
    if (filter[end] === '\\') end += 1;
    else if (filter[end] === '"') return end;
  }
  return filter.length;
}

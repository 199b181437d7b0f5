import { type FilterVocabulary, filterOptions } from './filterOptions';
import { filterPlace } from './filterPlace';
import { filterTokens } from './filterTokens';

/**
 * The stretch of a text that cannot be read, by positions in it: the piece at the place, or nothing at its end.
 *
 * `line` and `column` count from 1 and in characters, of which some take two positions.
 */
export function stretchAt(text: string, line: number, column: number): { from: number; to: number } {
  const lines = text.split('\n');
  const before = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  const inLine = [...(lines[line - 1] ?? '')].slice(0, column - 1).join('').length;
  const from = Math.min(before + inLine, text.length);
  const token = filterTokens(text).find((each) => each.to > from && each.from <= from);
  return { from, to: token?.to ?? from };
}

/**
 * Whether an expression is only not finished: what is wrong at `from` is that it ends, or that its last word or text
 * does, which could become something that the language knows.
 */
export function isUnfinished(text: string, from: number, vocabulary: FilterVocabulary | null): boolean {
  if (from >= text.trimEnd().length) return true;
  const last = filterTokens(text).at(-1);
  if (!last || last.from > from || last.to < text.length) return false;
  if (last.open || last.kind === 'annotation') return true;
  const place = filterPlace(text, text.length);
  return place !== null && vocabulary !== null && filterOptions(place, vocabulary, []).length > 0;
}

/** What a piece of a filter expression is. `word` is none that the language knows. */
export type FilterTokenKind =
  | 'boolean-keyword'
  | 'number-keyword'
  | 'string-keyword'
  | 'annotation'
  | 'form'
  | 'connective'
  | 'not'
  | 'operator'
  | 'string'
  | 'number'
  | 'boolean'
  | 'json'
  | 'bracket'
  | 'punctuation'
  | 'word';

/** A piece of an expression: from `from` until before `to`. `open` ones lack their end, as a text without its quote. */
export interface FilterToken {
  kind: FilterTokenKind;
  text: string;
  from: number;
  to: number;
  open: boolean;
}

const NUMBERS = ['responsetime', 'duration', 'http.status', 'index', 'coverage'];
const BOOLEANS = ['ok', 'error', 'throttle', 'fault', 'partial', 'inferred', 'root', 'first', 'last', 'remote'];
const STRINGS = [
  ...['http.url', 'http.method', 'http.useragent', 'http.clientip', 'user', 'availabilityzone', 'instance.id'],
  ...['resource.arn', 'name', 'type', 'message', 'account.id'],
];
const FORMS = [
  ...['service', 'edge', 'id', 'group.name', 'group.arn', 'rootcause.json'],
  ...['fault', 'error'].flatMap((kind) =>
    ['service', 'entity', 'exception'].map((level) => `rootcause.${kind}.${level}`),
  ),
  ...['rootcause.responsetime.service', 'rootcause.responsetime.entity'],
];
const WORDS = new Map<string, FilterTokenKind>([
  ...NUMBERS.map((word) => [word, 'number-keyword'] as const),
  ...BOOLEANS.map((word) => [word, 'boolean-keyword'] as const),
  ...STRINGS.map((word) => [word, 'string-keyword'] as const),
  ...FORMS.map((word) => [word, 'form'] as const),
  ...['and', 'or'].map((word) => [word, 'connective'] as const),
  ['not', 'not'],
  ...['contains', 'beginswith', 'endswith'].map((word) => [word, 'operator'] as const),
  ...['true', 'false'].map((word) => [word, 'boolean'] as const),
]);

// In this order: the first that fits is taken.
const PIECES: readonly [RegExp, FilterTokenKind | null][] = [
  [/"(?:[^"\\]|\\.)*"?/sy, 'string'],
  [/[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?/iy, 'number'],
  [/(?:source\.|destination\.)?annotation(?:\.\w*|\[[^\s"[\]]*\]?)/iy, 'annotation'],
  [/[!<>]=|[=<>]/y, 'operator'],
  [/!/y, 'not'],
  [/[(){}]/y, 'bracket'],
  [/[,:]/y, 'punctuation'],
  [/[\p{L}_][\p{L}\p{N}_.]*/uy, null],
  [/[^\s]/uy, 'word'],
];

/**
 * A filter expression cut into pieces, spaces left out. It is only for colours and completion, so it takes any text:
 * whether it is an expression, and what is wrong with it, says the server.
 */
export function filterTokens(text: string): FilterToken[] {
  const tokens: FilterToken[] = [];
  let at = 0;
  while (at < text.length) {
    const blank = /\s+/y;
    blank.lastIndex = at;
    if (blank.test(text)) {
      at = blank.lastIndex;
      continue;
    }
    const token = text[at] === '#' ? jsonAt(text, at) : pieceAt(text, at);
    tokens.push(token);
    at = token.to;
  }
  return tokens;
}

function pieceAt(text: string, at: number): FilterToken {
  for (const [pattern, kind] of PIECES) {
    pattern.lastIndex = at;
    const piece = pattern.exec(text)?.[0];
    if (piece) {
      const open = (kind === 'string' && !isClosed(piece)) || (kind === 'annotation' && /\[[^\]]*$/.test(piece));
      return {
        kind: kind ?? WORDS.get(piece.toLowerCase()) ?? 'word',
        text: piece,
        from: at,
        to: at + piece.length,
        open,
      };
    }
  }
  return { kind: 'word', text: text.charAt(at), from: at, to: at + 1, open: false };
}

function isClosed(piece: string): boolean {
  return /^"(?:[^"\\]|\\.)*"$/s.test(piece);
}

/** A JSON literal reaches to where its first bracket is closed, or to the end. */
function jsonAt(text: string, at: number): FilterToken {
  let depth = 0;
  let end = at + 1;
  while (end < text.length) {
    const character = text.charAt(end);
    if (character === '"') {
      const string = /"(?:[^"\\]|\\.)*"?/sy;
      string.lastIndex = end;
      end += string.exec(text)?.[0].length ?? 1;
      continue;
    }
    end += 1;
    if (character === '[' || character === '{') depth += 1;
    if (character === ']' || character === '}') depth -= 1;
    if (depth <= 0) break;
  }
  return { kind: 'json', text: text.slice(at, end), from: at, to: end, open: depth > 0 };
}

/**
 * The conditions that are joined by AND, written or not, at the top of an expression, as they are written; null where
 * an OR joins them or brackets do not match.
 */
export function conjunctsOf(filter: string): string[] | null {
  const conjuncts: string[] = [];
  let depth = 0;
  let from: number | null = null;
  let last: FilterToken | null = null;
  const end = (to: number) => {
    if (from !== null) conjuncts.push(filter.slice(from, to).trim());
    from = null;
  };
  for (const token of filterTokens(filter)) {
    if (depth === 0 && token.kind === 'connective') {
      if (token.text.toLowerCase() === 'or') return null;
      end(token.from);
      last = null;
      continue;
    }
    if (depth === 0 && last && beginsCondition(token, last)) end(token.from);
    from ??= token.from;
    if (token.text === '(' || token.text === '{') depth += 1;
    if (token.text === ')' || token.text === '}') depth -= 1;
    if (depth < 0 || token.open) return null;
    last = token;
  }
  end(filter.length);
  return depth === 0 ? conjuncts : null;
}

const TESTED: readonly FilterTokenKind[] = [
  'boolean-keyword',
  'number-keyword',
  'string-keyword',
  'annotation',
  'form',
];

/** Whether a condition begins here although no AND is written before it. */
function beginsCondition(token: FilterToken, before: FilterToken): boolean {
  if (before.kind === 'not' || before.kind === 'operator' || before.kind === 'connective') return false;
  if (token.text === '(') return before.kind !== 'form';
  return token.kind === 'not' || TESTED.includes(token.kind);
}

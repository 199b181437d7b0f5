import { describe, expect, it } from 'vitest';
import { conjunctsOf, filterTokens } from './filterTokens';

const kinds = (text: string) => filterTokens(text).map((token) => `${token.kind} ${token.text}`);

describe('pieces of an expression', () => {
  it.each<[string, string[]]>([
    ['fault = true', ['boolean-keyword fault', 'operator =', 'boolean true']],
    ['responsetime>=1.5e3', ['number-keyword responsetime', 'operator >=', 'number 1.5e3']],
    ['!ok AND not ERROR', ['not !', 'boolean-keyword ok', 'connective AND', 'not not', 'boolean-keyword ERROR']],
    ['user != "a\\"b"', ['string-keyword user', 'operator !=', 'string "a\\"b"']],
    ['annotation.plan CONTAINS "x"', ['annotation annotation.plan', 'operator CONTAINS', 'string "x"']],
    ['annotation[a.b-c] = 3', ['annotation annotation[a.b-c]', 'operator =', 'number 3']],
    ['source.annotation.k', ['annotation source.annotation.k']],
    ['service("a") {', ['form service', 'bracket (', 'string "a"', 'bracket )', 'bracket {']],
    ['id(name: "n")', ['form id', 'bracket (', 'string-keyword name', 'punctuation :', 'string "n"', 'bracket )']],
    [
      'rootcause.json = #[{"a":"]"}] fault',
      ['form rootcause.json', 'operator =', 'json #[{"a":"]"}]', 'boolean-keyword fault'],
    ],
    ['강남 = 1', ['word 강남', 'operator =', 'number 1']],
    ['a;b', ['word a', 'word ;', 'word b']],
  ])('of %s', (text, expected) => {
    expect(kinds(text)).toEqual(expected);
  });

  it.each(['user = "abc', 'annotation[ab', 'rootcause.json = #[{"a"'])('%s is open', (text) => {
    expect(filterTokens(text).at(-1)?.open).toBe(true);
  });

  it.each(['"a\\"', '"\\\\', '👍 fault', '#', '#[', '!', '\u0000', ''])('takes any text: %j', (text) => {
    const tokens = filterTokens(text);
    expect(tokens.map((token) => token.text).join('')).toBe(text.replace(/\s/g, ''));
  });
});

describe('conditions joined by AND', () => {
  it.each<[string, string[] | null]>([
    ['', []],
    ['fault', ['fault']],
    ['fault AND responsetime > 1', ['fault', 'responsetime > 1']],
    ['fault responsetime > 1 user', ['fault', 'responsetime > 1', 'user']],
    ['!fault and (ok OR error)', ['!fault', '(ok OR error)']],
    ['fault (ok OR error)', ['fault', '(ok OR error)']],
    ['service("a OR b") { fault AND ok } user = "x"', ['service("a OR b") { fault AND ok }', 'user = "x"']],
    ['edge("a", "b") service()', ['edge("a", "b")', 'service()']],
    ['user = true ok', ['user = true', 'ok']],
    ['fault OR ok', null],
    ['fault AND (ok', null],
    ['fault)', null],
    ['user = "a', null],
  ])('of %s', (filter, expected) => {
    expect(conjunctsOf(filter)).toEqual(expected);
  });
});

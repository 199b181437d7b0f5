import { expect, it } from 'vitest';
import { isUnfinished, stretchAt } from './filterError';

it.each<[string, number, number, string]>([
  ['fault madeup', 1, 7, 'madeup'],
  ['fault =', 1, 8, ''],
  ['user = "👍👍" nope', 1, 13, 'nope'],
  ['fault AND\n  oops', 2, 3, 'oops'],
  ['fault', 9, 9, ''],
])('in %j at %i:%i is %j', (text, line, column, expected) => {
  const { from, to } = stretchAt(text, line, column);
  expect(text.slice(from, to)).toBe(expected);
});

it('is unfinished where only blanks follow', () => {
  expect(isUnfinished('fault =  ', 7)).toBe(true);
  expect(isUnfinished('fault = x', 8)).toBe(false);
});

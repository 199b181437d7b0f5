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

const VOCABULARY = {
  keywords: [{ name: 'responsetime', kind: 'number', operators: ['='], scopes: [''], meaning: '', source: '' }],
  forms: [],
};

it.each<[string, number, boolean]>([
  ['fault =  ', 7, true],
  ['fault = x', 8, false],
  ['respo', 0, true],
  ['nonsense', 0, false],
  ['respo ', 0, false],
  ['user = "al', 7, true],
  ['annotation.', 0, true],
  ['nope user = "al', 0, false],
])('of %j what is wrong at %i is the end: %s', (text, from, expected) => {
  expect(isUnfinished(text, from, VOCABULARY)).toBe(expected);
});

import { expect, it } from 'vitest';
import { chanceOf, probabilityText } from './significance';

it.each([
  [1e-9, 'certain'],
  [0.005, 'strong'],
  [0.04, 'some'],
  [0.05, 'weak'],
  [null, 'untested'],
] as const)('q = %s is %s', (q, word) => {
  expect(chanceOf({ test: 'fisher', p: 0.01, q })).toBe(word);
});

it('is untested without a test', () => {
  expect(chanceOf(null)).toBe('untested');
});

it.each([
  [0, '0'],
  [0.0312, '0.031'],
  [2.2e-27, '2e-27'],
  [1, '1'],
])('writes %s as %s', (p, text) => {
  expect(probabilityText(p)).toBe(text);
});

import { expect, it } from 'vitest';
import { amountFrom, factsOf } from './faults';

it('knows what amounts are', () => {
  expect(factsOf('slow-query')).toEqual({ unit: 'seconds', usual: 0.5, text: 'faultSlowQuery' });
  expect(factsOf('brand-new')).toEqual({ unit: null, usual: null, text: null });
});

it.each([
  ['', 'seconds', null],
  ['1.5', 'seconds', 1.5],
  ['0', 'seconds', undefined],
  ['-1', 'seconds', undefined],
  ['x', 'share', undefined],
  ['1', 'share', 1],
  ['1.1', 'share', undefined],
  ['3', null, null],
] as const)('%j %s is %s', (text, unit, amount) => {
  expect(amountFrom(text, unit)).toBe(amount);
});

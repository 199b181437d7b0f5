import { expect, it } from 'vitest';
import { withResponseTimes } from './responseTimeRange';

it.each([
  ['', 'responsetime >= 0.1 AND responsetime <= 2'],
  ['fault', 'fault AND responsetime >= 0.1 AND responsetime <= 2'],
  ['responsetime >= 1 AND fault AND responsetime<=5', 'fault AND responsetime >= 0.1 AND responsetime <= 2'],
  [
    'service("a") { responsetime > 1 }',
    'service("a") { responsetime > 1 } AND responsetime >= 0.1 AND responsetime <= 2',
  ],
  ['fault OR responsetime > 1', '(fault OR responsetime > 1) AND responsetime >= 0.1 AND responsetime <= 2'],
])('%j', (filter, expected) => {
  expect(withResponseTimes(filter, 100, 2000)).toBe(expected);
});

it('rounds outwards to three digits', () => {
  expect(withResponseTimes('', 1184.08150894, 18141.91)).toBe('responsetime >= 1.18 AND responsetime <= 18.2');
  expect(withResponseTimes('', 0, 0.51239)).toBe('responsetime >= 0 AND responsetime <= 0.000513');
});

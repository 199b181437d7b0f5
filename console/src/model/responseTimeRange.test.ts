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

import { expect, it } from 'vitest';
import { lengthOf } from './uptime';

it.each([
  [-1, 'seconds', 0],
  [119, 'seconds', 119],
  [120, 'minutes', 2],
  [7199, 'minutes', 119],
  [7200, 'hours', 2],
  [172_799, 'hours', 47],
  [172_800, 'days', 2],
] as const)('%s s is %s %s', (seconds, unit, count) => {
  expect(lengthOf(seconds)).toEqual({ unit, count });
});

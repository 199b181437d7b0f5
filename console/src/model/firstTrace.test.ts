import { expect, it } from 'vitest';
import { scopeAround } from './firstTrace';
import { DEFAULT_SCOPE } from './scope';

it('looks at the last hour, or where an older trace is', () => {
  expect(scopeAround(1000, 1010)).toBe(DEFAULT_SCOPE);
  expect(scopeAround(1000.5, 9000)).toEqual({
    ...DEFAULT_SCOPE,
    range: { kind: 'between', start: 1002 - 3600, end: 1002 },
  });
});

import { describe, expect, it } from 'vitest';
import type { Scope } from './scope';
import { askedB, askedScope, secondsEarlier } from './traceSets';

const A: Scope = { range: { kind: 'last', seconds: 3600 }, group: 'shop', filter: 'fault' };
const NOW = 1_800_000_000_000;
const END = 1_800_000_001;

describe('what a set is compared with', () => {
  it('is the rest', () => {
    expect(askedB(A, { kind: 'rest' }).at(NOW)).toEqual({
      start: END - 3600,
      end: END,
      filter: '!(fault)',
      group: 'shop',
    });
  });

  it('takes from the first set what it does not say', () => {
    const b = askedB(A, { kind: 'other', filter: 'ok', range: null, group: null });
    expect(b.at(NOW)).toEqual({ start: END - 3600, end: END, filter: 'ok', group: 'shop' });
    const all = askedB(A, { kind: 'other', filter: '', range: null, group: '' });
    expect(all.at(NOW)).toMatchObject({ filter: null, group: null });
  });

  it.each([
    ['before', 3600],
    ['day-before', 86_400],
    ['week-before', 604_800],
  ] as const)('can be the same %s', (range, seconds) => {
    const b = { kind: 'other', filter: null, range, group: null } as const;
    expect(askedB(A, b).at(NOW)).toEqual({
      start: END - 3600 - seconds,
      end: END - seconds,
      filter: 'fault',
      group: 'shop',
    });
    expect(secondsEarlier(A, b)).toBe(seconds);
  });

  it('has a key of its own', () => {
    const keys = [
      askedScope(A),
      askedB(A, { kind: 'rest' }),
      askedB(A, { kind: 'other', filter: null, range: 'before', group: null }),
      askedB(A, { kind: 'other', filter: null, range: 'day-before', group: null }),
      askedB(A, { kind: 'other', filter: 'ok', range: null, group: null }),
    ].map((set) => set.key.join('|'));
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('is not the same time moved where it has times of its own', () => {
    const range = { kind: 'between', start: 1, end: 2 } as const;
    expect(secondsEarlier(A, { kind: 'other', filter: null, range, group: null })).toBeNull();
    expect(secondsEarlier(A, { kind: 'rest' })).toBe(0);
  });
});

import { describe, expect, it } from 'vitest';
import { formatRange, parseRange, resolveRange } from './timeRange';

describe('a time range in an address', () => {
  it.each(['PT5M', 'PT1H', 'PT1H30M', 'P7D', 'P1DT2H', 'PT45S'])('reads and writes %s', (text) => {
    const range = parseRange(text);
    expect(range && formatRange(range)).toBe(text);
  });

  it('reads and writes two instants', () => {
    const text = '2026-11-22T07:00:00Z~2026-11-22T08:00:00.250Z';
    const range = parseRange(text);
    expect(range).toEqual({ kind: 'between', start: 1795330800, end: 1795334400.25 });
    expect(range && formatRange(range)).toBe(text);
  });

  it.each(['', 'P', 'PT', 'PT0S', 'PT-1H', 'P9999999D', 'x~y', '2026-11-22T08:00:00Z~2026-11-22T07:00:00Z', '1~2~3'])(
    'is nothing for %j',
    (text) => {
      expect(parseRange(text)).toBeNull();
    },
  );

  it('means instants that move with the clock', () => {
    expect(resolveRange({ kind: 'last', seconds: 60 }, 1_000_000)).toEqual({ start: 941, end: 1001 });
    expect(resolveRange({ kind: 'between', start: 1, end: 2 }, 1_000_000)).toEqual({ start: 1, end: 2 });
  });
});

import { describe, expect, it } from 'vitest';
import { barAt, barsOf, rangeOfBars } from './histogram';

const bucket = (bucket_ms: number, traces: number) => ({ bucket_ms, traces });

describe('bars of a histogram', () => {
  it('are none without traces', () => {
    expect(barsOf([[], []], 40)).toEqual({ edges: [], counts: [[], []] });
  });

  it('hold every trace exactly once', () => {
    const buckets = Array.from({ length: 3000 }, (_, index) => bucket(index, (index % 7) + 1));
    const { edges, counts } = barsOf([buckets], 40);
    expect(edges.length - 1).toBeLessThanOrEqual(41);
    expect(counts[0]?.reduce((sum, count) => sum + count, 0)).toBe(buckets.reduce((sum, b) => sum + b.traces, 0));
  });

  it('share their edges among series', () => {
    const { edges, counts } = barsOf([[bucket(1, 5)], [bucket(1000, 2)]], 10);
    expect(edges[0]).toBe(1);
    expect(edges.at(-1)).toBe(1001);
    expect(counts[0]?.[0]).toBe(5);
    expect(counts[1]?.at(-1)).toBe(2);
  });

  it('are one where all took the same time', () => {
    expect(barsOf([[bucket(12, 9)]], 40)).toEqual({ edges: [12, 13], counts: [[9]] });
  });

  it('begin at zero where traces took no time', () => {
    expect(barsOf([[bucket(0, 1), bucket(3, 1)]], 4).edges[0]).toBe(0);
  });
});

describe('a selection of bars', () => {
  const edges = [1, 2, 4, 8];

  it('reaches half a bucket further down', () => {
    expect(rangeOfBars(edges, 0, 0)).toEqual({ fromMs: 0.5, toMs: 1.5 });
    expect(rangeOfBars(edges, 1, 2)).toEqual({ fromMs: 1.5, toMs: 7.5 });
    expect(rangeOfBars(edges, -3, 9)).toEqual({ fromMs: 0.5, toMs: 7.5 });
  });

  it('finds the bar of a bucket', () => {
    expect([0, 1, 3, 7, 8].map((ms) => barAt(edges, ms))).toEqual([null, 0, 1, 2, null]);
  });
});

import { describe, expect, it } from 'vitest';
import { edge, node, statistics } from './fixtures';
import { edgeColor, edgeWidth, mostCalls, perMinute, radii, ringArcs, worst } from './measures';

describe('a ring', () => {
  it('is divided by shares, clockwise from ok', () => {
    expect(ringArcs(statistics({ ok: 5, error: 2, throttle: 1, fault: 2 }))).toEqual([
      { outcome: 'ok', from: 0, share: 0.5 },
      { outcome: 'error', from: 0.5, share: 0.2 },
      { outcome: 'throttle', from: 0.7, share: expect.closeTo(0.1) },
      { outcome: 'fault', from: expect.closeTo(0.8), share: 0.2 },
    ]);
  });

  it('shows the rarest fault, and is a whole circle then too', () => {
    const arcs = ringArcs(statistics({ ok: 99_999, fault: 1 }));
    expect(arcs.map((arc) => arc.outcome)).toEqual(['ok', 'fault']);
    expect(arcs[1]?.share).toBe(0.02);
    expect(arcs.reduce((sum, arc) => sum + arc.share, 0)).toBeCloseTo(1);
  });

  it('is bare without requests', () => {
    expect(ringArcs(statistics({}))).toEqual([]);
    expect(ringArcs(null)).toEqual([]);
  });
});

it('calls the most frequent failure the worst, of equally many the gravest', () => {
  expect(worst(statistics({ ok: 6, error: 2, fault: 2 }))).toEqual({ outcome: 'fault', share: 0.2 });
  expect(worst(statistics({ ok: 7, throttle: 2, fault: 1 }))).toEqual({ outcome: 'throttle', share: 0.2 });
  expect(worst(statistics({ ok: 1 }))).toBeNull();
});

describe('sizes', () => {
  const nodes = [
    node('busy', { statistics: statistics({ ok: 400 }) }),
    node('failing', { statistics: statistics({ ok: 60, fault: 40 }) }),
    node('client', { statistics: null }),
  ];

  it.each([
    ['none', [25, 25, 25]],
    ['traffic', [30, 24, 17]],
    ['health', [17, 30, 17]],
  ] as const)('grow by %s', (size, expected) => {
    expect([...radii(nodes, size).values()]).toEqual(expected);
  });

  it('of edges grow with calls', () => {
    expect(mostCalls([edge('a', 'b'), edge('b', 'c', { statistics: statistics({ ok: 9 }) })])).toBe(9);
    expect([0, 25, 100].map((calls) => edgeWidth(calls, 100))).toEqual([1.5, 3.8, 6]);
    expect(edgeWidth(0, 0)).toBe(1.5);
  });
});

it('colours edges where a hundredth failed', () => {
  expect(edgeColor(statistics({ ok: 999, fault: 1 }))).toBe('var(--rl-map-edge)');
  expect(edgeColor(statistics({ ok: 75, throttle: 25 }))).toContain('var(--rl-throttle) 75%');
});

it('counts by the minute', () => {
  expect(perMinute(30, 900)).toBe(2);
  expect(perMinute(30, null)).toBeNull();
  expect(perMinute(30, 0)).toBeNull();
});

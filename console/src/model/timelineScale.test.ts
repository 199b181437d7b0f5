import { describe, expect, it } from 'vitest';
import {
  clampStretch,
  formatStretch,
  panned,
  parseStretch,
  pathParts,
  tickStep,
  ticks,
  tickText,
  zoomed,
} from './timelineScale';
import { treeOf } from './traceTreeFixture';

describe('a stretch in an address', () => {
  it('is read and written', () => {
    const stretch = parseStretch('1200~4500', 10_000);
    expect(stretch).toEqual({ fromUs: 1200, toUs: 4500 });
    expect(stretch && formatStretch(stretch)).toBe('1200~4500');
  });

  it.each([null, '', '1~', 'a~b', '-1~5', '0~10000', '0~99999', '1~2~3', '1.5~3'])('is nothing for %j', (text) => {
    expect(parseStretch(text, 10_000)).toBeNull();
  });

  it('stays inside of the trace', () => {
    expect(parseStretch('9000~12000', 10_000)).toEqual({ fromUs: 7000, toUs: 10_000 });
    expect(clampStretch({ fromUs: 500, toUs: 500 }, 10_000)).toEqual({ fromUs: 500, toUs: 510 });
    expect(clampStretch({ fromUs: 0, toUs: 0 }, 1)).toEqual({ fromUs: 0, toUs: 1 });
  });
});

describe('zooming', () => {
  it('keeps the point below the pointer where it is', () => {
    expect(zoomed({ fromUs: 0, toUs: 1000 }, 250, 0.5, 1000)).toEqual({ fromUs: 125, toUs: 625 });
  });

  it('out ends at the whole trace', () => {
    expect(zoomed({ fromUs: 100, toUs: 200 }, 150, 100, 1000)).toEqual({ fromUs: 0, toUs: 1000 });
  });

  it('is moved no further than the ends', () => {
    expect(panned({ fromUs: 800, toUs: 1000 }, 0.5, 1000)).toEqual({ fromUs: 800, toUs: 1000 });
    expect(panned({ fromUs: 800, toUs: 1000 }, -0.5, 1000)).toEqual({ fromUs: 700, toUs: 900 });
  });
});

describe('ticks', () => {
  it.each([
    [1000, 10, 100],
    [2_000_000, 8, 500_000],
    [45, 9, 5],
    [3, 10, 1],
    [600_000_000, 10, 60_000_000],
    [86_400_000_000, 8, 18_000_000_000],
  ])('of %i µs, at most %i of them, are %i µs apart', (length, count, step) => {
    expect(tickStep(length, count)).toBe(step);
    expect(ticks({ fromUs: 0, toUs: length }, step).length).toBeLessThanOrEqual(count + 1);
  });

  it('stand at round places inside of the stretch', () => {
    expect(ticks({ fromUs: 130, toUs: 420 }, 100)).toEqual([200, 300, 400]);
  });

  it.each([
    [0, 100, '0'],
    [500, 100, '500 µs'],
    [1500, 500, '1.5 ms'],
    [250_000, 50_000, '250 ms'],
    [1_500_000, 500_000, '1.5 s'],
    [12_340_500, 100, '12.3405 s'],
    [150_000_000, 30_000_000, '2 min 30 s'],
    [120_000_000, 60_000_000, '2 min'],
  ])('at %i µs with steps of %i µs read %s', (us, step, text) => {
    expect(tickText(us, step)).toBe(text);
  });
});

it('joins parts of the critical path that are too near to be seen apart', () => {
  const steps = [0, 10, 20, 500].map((at) => ({ span: 0, offset_us: at, held_us: 9, kind: 'own' }));
  const tree = treeOf([['root', -1, 0, 1000]], steps);
  const whole = { fromUs: 0, toUs: 1000 };
  expect(pathParts(tree, 0, whole, 1)).toEqual([
    { fromUs: 0, toUs: 29 },
    { fromUs: 500, toUs: 509 },
  ]);
  expect(pathParts(tree, 0, whole, 0)).toHaveLength(4);
  expect(pathParts(tree, 0, { fromUs: 400, toUs: 600 }, 1)).toEqual([{ fromUs: 500, toUs: 509 }]);
});

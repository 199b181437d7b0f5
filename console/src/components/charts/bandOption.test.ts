import { describe, expect, it } from 'vitest';
import { type BandMinute, type BandTexts, bandOption, bandRuns, minuteLines, rangeText } from './bandOption';
import { LIGHT } from './palette';

const texts: BandTexts = {
  observed: 'Observed',
  expected: 'Expected',
  unusual: 'Unusual',
  incident: 'Incident',
  value: (value) => `${value} s`,
  language: 'en',
};
const minute = (start: number, observed: number | null, more: Partial<BandMinute> = {}): BandMinute => ({
  start,
  observed,
  low: 1,
  high: 2,
  is_anomalous: false,
  ...more,
});
const unknown = { low: null, high: null };

describe('the band', () => {
  it('ends where nothing was expected, and where a minute is missing', () => {
    const runs = bandRuns([minute(0, 1), minute(60, 1), minute(120, 1, unknown), minute(180, 1), minute(300, 1)]);
    expect(runs.map((run) => run.map(({ at }) => at))).toEqual([[30, 90], [210], [330]]);
  });

  it('is outlined from the start of its first minute to the end of its last', () => {
    const { series } = option([minute(0, 1), minute(60, 1, { high: 3 })]);
    const [band] = series;
    const drawn = band?.renderItem({ dataIndex: 0 }, { coord: (point) => point });
    const points = drawn?.shape.points ?? [];
    expect(points.slice(0, 4)).toEqual([
      [0, 2],
      [30_000, 2],
      [90_000, 3],
      [120_000, 3],
    ]);
    expect(points.slice(4).every(([, low]) => low === 1)).toBe(true);
  });
});

describe('the line', () => {
  it('stands in the middle of its minutes and breaks where there were no requests or a minute is missing', () => {
    const { series } = option([minute(0, 1), minute(60, null), minute(120, 2), minute(240, 3)]);
    expect(series[1]?.data).toEqual([
      [30_000, 1],
      [90_000, null],
      [150_000, 2],
      [210_000, null],
      [270_000, 3],
    ]);
  });

  it('has a mark of its own shape where a minute was unusual', () => {
    const { series } = option([minute(0, 1), minute(60, 9, { is_anomalous: true })]);
    expect(series[2]).toMatchObject({ symbol: 'diamond', data: [[90_000, 9]] });
  });
});

it('says in words what was observed, what was expected, and that it is unusual', () => {
  expect(minuteLines(minute(0, 9, { is_anomalous: true }), texts).slice(1)).toEqual([
    'Observed: 9 s',
    'Expected: 1 s – 2 s',
    'Unusual',
  ]);
  expect(minuteLines(minute(0, null, unknown), texts).slice(1)).toEqual(['Observed: –', 'Expected: –']);
  expect(rangeText(minute(0, 1), texts)).toBe('1 s – 2 s');
});

it('shades the incident over the whole height', () => {
  const [, , , shade] = option([minute(0, 1)]).series;
  const drawn = shade?.renderItem(
    { dataIndex: 0, coordSys: { y: 5, height: 90 } },
    {
      coord: ([x]) => [x / 1000, 0],
      value: (dimension) => (dimension === 0 ? 60_000 : 120_000),
    },
  );
  expect(drawn?.shape).toEqual({ x: 60, y: 5, width: 60, height: 90 });
});

it('has tooltips that are drawn and never parsed as HTML', () => {
  expect(option([]).tooltip.renderMode).toBe('richText');
});

interface Series {
  symbol?: string;
  data: unknown[];
  renderItem(
    at: { dataIndex: number; coordSys?: { y: number; height: number } },
    api: { coord(point: [number, number]): [number, number]; value?: (dimension: number) => number },
  ): { shape: { points: [number, number][] } };
}

function option(minutes: BandMinute[]) {
  const all = { minutes, start: 0, end: 300, incident: { start: 60, end: 120 }, isCount: false };
  const made = bandOption({ ...all, palette: LIGHT, texts });
  return { ...made, series: made.series as unknown as Series[] };
}

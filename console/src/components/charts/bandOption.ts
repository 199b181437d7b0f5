import type { Schemas } from '@/api/client';
import { formatInstant } from '@/model/format';
import { axisOf, frameOf, gridOf } from './frame';
import type { Palette } from './palette';
import { shadeSeries } from './shade';

export type BandMinute = Schemas['BandMinute'];

/** A stretch of minutes that follow each other and have a band. */
type Run = readonly { at: number; low: number; high: number }[];

const MINUTE_S = 60;

/** What a chart of a band says in the language in force. */
export interface BandTexts {
  observed: string;
  expected: string;
  unusual: string;
  incident: string;
  /** A value, as axis and tooltip write it */
  value(value: number): string;
  language: string;
}

/** The stretches of minutes that have a band: a band ends where nothing was expected, and where minutes are missing. */
export function bandRuns(minutes: readonly BandMinute[]): Run[] {
  const runs: { at: number; low: number; high: number }[][] = [];
  let before = Number.NEGATIVE_INFINITY;
  for (const { start, low, high } of minutes) {
    if (low === null || high === null) continue;
    const point = { at: start + MINUTE_S / 2, low, high };
    if (start - before === MINUTE_S) runs.at(-1)?.push(point);
    else runs.push([point]);
    before = start;
  }
  return runs;
}

/** The tooltip of a minute: what was observed, what was expected, and whether the one is outside of the other. */
export function minuteLines(minute: BandMinute, texts: BandTexts): string[] {
  const { start, observed, low, high, is_anomalous } = minute;
  return [
    formatInstant(start, texts.language),
    `${texts.observed}: ${observed === null ? '–' : texts.value(observed)}`,
    `${texts.expected}: ${rangeText(minute, texts)}`,
    ...(is_anomalous && low !== null && high !== null ? [texts.unusual] : []),
  ];
}

/** The expected range of a minute in words; a dash while too little was seen to expect anything. */
export function rangeText({ low, high }: BandMinute, texts: Pick<BandTexts, 'value'>): string {
  return low === null || high === null ? '–' : `${texts.value(low)} – ${texts.value(high)}`;
}

/** A line over the range it was expected in; minutes outside of it are marked, and the incident is shaded. */
export function bandOption(band: {
  minutes: readonly BandMinute[];
  start: number;
  end: number;
  incident: { start: number; end: number };
  isCount: boolean;
  palette: Palette;
  texts: BandTexts;
}) {
  const { minutes, start, end, palette, texts } = band;
  const runs = bandRuns(minutes);
  const byMiddle = new Map(minutes.map((minute) => [middleMs(minute), minute]));
  return {
    ...frameOf(palette, false),
    legend: { top: 0, right: 0, textStyle: { color: palette.text }, itemHeight: 9, selectedMode: false },
    grid: gridOf(28),
    xAxis: { type: 'time', min: start * 1000, max: end * 1000, ...axisOf(palette), splitLine: { show: false } },
    yAxis: {
      type: 'value',
      min: 0,
      splitNumber: 4,
      ...(band.isCount ? { minInterval: 1 } : {}),
      ...axisOf(palette),
      axisLabel: { color: palette.text, fontSize: 11, formatter: texts.value },
    },
    tooltip: {
      ...frameOf(palette, false).tooltip,
      trigger: 'axis',
      formatter: (points: { seriesType: string; value: readonly number[] }[]) => {
        const at = points.find((point) => point.seriesType === 'line')?.value[0];
        const minute = at === undefined ? undefined : byMiddle.get(at);
        return minute ? minuteLines(minute, texts).join('\n') : '';
      },
    },
    series: [
      bandSeries(runs, palette, texts.expected),
      {
        name: texts.observed,
        type: 'line',
        showSymbol: false,
        lineStyle: { width: 2 },
        itemStyle: { color: palette.plain },
        data: withoutGaps(minutes),
      },
      {
        name: texts.unusual,
        type: 'line',
        symbol: 'diamond',
        symbolSize: 9,
        showAllSymbol: true,
        lineStyle: { width: 0 },
        itemStyle: { color: palette.fault },
        data: minutes.filter((minute) => minute.is_anomalous).map((minute) => [middleMs(minute), minute.observed ?? 0]),
      },
      shadeSeries(texts.incident, band.incident, palette),
    ],
  };
}

function middleMs(minute: BandMinute): number {
  return (minute.start + MINUTE_S / 2) * 1000;
}

/** The line: it breaks where a minute had no requests or is missing. */
function withoutGaps(minutes: readonly BandMinute[]): [number, number | null][] {
  return minutes.flatMap((minute, index): [number, number | null][] => {
    const before = minutes[index - 1];
    const point: [number, number | null] = [middleMs(minute), minute.observed];
    return before && minute.start - before.start > MINUTE_S
      ? [[middleMs(before) + MINUTE_S * 1000, null], point]
      : [point];
  });
}

interface Drawing {
  coord(point: readonly [number, number]): [number, number];
}

function bandSeries(runs: readonly Run[], palette: Palette, name: string) {
  return {
    name,
    type: 'custom',
    silent: true,
    clip: true,
    itemStyle: { color: palette.band },
    encode: { x: [0, 1], y: [2, 3] },
    data: runs.map((run) => [
      ((run[0]?.at ?? 0) - MINUTE_S / 2) * 1000,
      ((run.at(-1)?.at ?? 0) + MINUTE_S / 2) * 1000,
      run.reduce((least, { low }) => Math.min(least, low), Number.POSITIVE_INFINITY),
      run.reduce((most, { high }) => Math.max(most, high), 0),
    ]),
    renderItem: ({ dataIndex }: { dataIndex: number }, api: Drawing) => ({
      type: 'polygon',
      shape: { points: outlineOf(runs[dataIndex] ?? []).map((point) => api.coord(point)) },
      style: { fill: palette.band },
    }),
  };
}

/** Along the upper edge and back along the lower one, from the start of the first minute to the end of the last. */
function outlineOf(run: Run): [atMs: number, value: number][] {
  const [first, last] = [run[0], run.at(-1)];
  if (!first || !last) return [];
  const half = MINUTE_S / 2;
  const wide = [{ ...first, at: first.at - half }, ...run, { ...last, at: last.at + half }];
  return [
    ...wide.map(({ at, high }): [number, number] => [at * 1000, high]),
    ...wide.reverse().map(({ at, low }): [number, number] => [at * 1000, low]),
  ];
}

import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount, formatInstant, formatMs } from '@/model/format';
import { Chart, usePalette } from './Chart';
import { ChartWithTable } from './ChartParts';
import { axisOf, frameOf, gridOf } from './frame';
import { shadeSeries } from './shade';

/** One line or one layer of bars: values at the starts of buckets (epoch seconds). */
export interface TimeSeriesLine {
  name: string;
  color: 'ok' | 'error' | 'throttle' | 'fault' | 'a' | 'b' | 'p50' | 'p90' | 'p99' | 'plain';
  points: readonly (readonly [startS: number, value: number])[];
}

/** Figures over time. Dragging calls `onSelect` with instants in epoch seconds. */
export function TimeSeries(props: {
  label: string;
  kind: 'lines' | 'stacked-bars';
  /** How values are written; `ms` as lengths of time, `count` as numbers. */
  unit: 'ms' | 'count';
  start: number;
  end: number;
  bucketS: number;
  lines: readonly TimeSeriesLine[];
  /** A stretch of time that stands out, and what it is */
  shaded?: { name: string; start: number; end: number };
  onSelect?: (range: { start: number; end: number }) => void;
  heightPx?: number;
}) {
  const { label, kind, unit, start, end, bucketS, lines, shaded, onSelect, heightPx = 150 } = props;
  const { t, i18n } = useTranslation();
  const palette = usePalette();
  const valueText = useMemo(
    () => (value: number) => (unit === 'ms' ? formatMs(value) : formatCount(value, i18n.language)),
    [unit, i18n.language],
  );
  const option = useMemo(() => {
    const isBars = kind === 'stacked-bars';
    return {
      ...frameOf(palette, onSelect !== undefined),
      legend: lines.length > 1 ? { top: 0, right: 0, textStyle: { color: palette.text }, itemHeight: 9 } : undefined,
      grid: gridOf(lines.length > 1 ? 28 : 10),
      xAxis: { type: 'time', min: start * 1000, max: end * 1000, ...axisOf(palette), splitLine: { show: false } },
      yAxis: {
        type: 'value',
        min: 0,
        splitNumber: 3,
        ...(unit === 'count' ? { minInterval: 1 } : {}),
        ...axisOf(palette),
        axisLabel: { color: palette.text, fontSize: 11, formatter: valueText },
      },
      tooltip: {
        ...frameOf(palette, false).tooltip,
        trigger: 'axis',
        formatter: (all: { seriesName: string; seriesType: string; value: [number, number] }[]) => {
          const points = all.filter((point) => point.seriesType !== 'custom');
          const at = (points[0]?.value[0] ?? 0) / 1000 - (isBars ? bucketS / 2 : 0);
          const shown = points.map((point) => `${point.seriesName}: ${valueText(point.value[1])}`);
          return [formatInstant(at, i18n.language), ...shown].join('\n');
        },
      },
      series: [
        ...lines.map((line) => ({
          name: line.name,
          type: isBars ? 'bar' : 'line',
          ...(isBars ? { stack: 'all', barWidth: '90%' } : { showSymbol: line.points.length < 40, symbolSize: 4 }),
          lineStyle: { width: 2 },
          itemStyle: { color: palette[line.color] },
          // a bar stands in the middle of its bucket; a line breaks where nothing was measured
          data: isBars
            ? withZeros(line.points, start, end, bucketS).map(([at, value]) => [(at + bucketS / 2) * 1000, value])
            : withGaps(line.points, bucketS).map(([at, value]) => [at * 1000, value]),
        })),
        ...(shaded ? [shadeSeries(shaded.name, shaded, palette)] : []),
      ],
    };
  }, [kind, unit, start, end, bucketS, lines, shaded, palette, onSelect, valueText, i18n.language]);

  return (
    <ChartWithTable
      label={label}
      heightPx={heightPx}
      columns={[t('chartTime'), ...lines.map((line) => line.name)]}
      rows={() => tableRows(lines, (at) => formatInstant(at, i18n.language), valueText)}
      hint={onSelect && t('chartSelect')}
    >
      <Chart
        label={label}
        heightPx={heightPx}
        option={option}
        brush={onSelect ? 'lineX' : null}
        onBrush={(coordinates) => {
          const [fromMs, toMs] = coordinates as number[];
          if (onSelect && fromMs !== undefined && toMs !== undefined && toMs > fromMs) {
            onSelect({ start: fromMs / 1000, end: toMs / 1000 });
          }
        }}
      />
    </ChartWithTable>
  );
}

// As many as the server gives of one question.
const MOST_BUCKETS = 10_000;

type Point = readonly [number, number | null];

/** Every bucket of the range: bars are as wide as the smallest distance between two, so that all have to be there. */
function withZeros(points: TimeSeriesLine['points'], start: number, end: number, bucketS: number): Point[] {
  const values = new Map(points);
  const first = Math.min(Math.floor(start / bucketS) * bucketS, points[0]?.[0] ?? Number.POSITIVE_INFINITY);
  const count = Math.min(Math.ceil((end - first) / bucketS), MOST_BUCKETS);
  return Array.from({ length: Math.max(count, 0) }, (_, index) => {
    const at = first + index * bucketS;
    return [at, values.get(at) ?? 0];
  });
}

function withGaps(points: TimeSeriesLine['points'], bucketS: number): Point[] {
  return points.flatMap((point, index): Point[] => {
    const before = points[index - 1];
    return before && point[0] - before[0] > bucketS * 1.5 ? [[before[0] + bucketS, null], point] : [point];
  });
}

function tableRows(lines: readonly TimeSeriesLine[], timeText: (at: number) => string, text: (v: number) => string) {
  const times = [...new Set(lines.flatMap((line) => line.points.map(([at]) => at)))].sort((a, b) => a - b);
  const values = lines.map((line) => new Map(line.points));
  return times.map((at) => [
    timeText(at),
    ...values.map((of) => {
      const value = of.get(at);
      return value === undefined ? '–' : text(value);
    }),
  ]);
}

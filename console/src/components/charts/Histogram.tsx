import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { formatCount, formatMs, formatShare } from '@/model/format';
import { barAt, barsOf, rangeOfBars } from '@/model/histogram';
import { Chart, usePalette } from './Chart';
import { ChartWithTable } from './ChartParts';
import { axisOf, frameOf, gridOf } from './frame';
import { LengthFields } from './LengthFields';

/** One distribution: a name, how it is told apart, and its buckets as the server sends them. */
export interface HistogramSeries {
  name: string;
  /** `a` and `b` are the two sets of a comparison, `plain` stands alone or before the `whole` it is a part of */
  role: 'plain' | 'a' | 'b' | 'whole';
  buckets: readonly Schemas['HistogramBucket'][];
}

const MOST_BARS = 48;

/**
 * How long requests took, as bars over a logarithmic axis of milliseconds; of several series each as shares of its own.
 *
 * Dragging across it calls `onSelect` with a range of milliseconds, both ends inside; null clears it. The same can be
 * done with the keyboard in two fields below the chart. Without `onSelect` nothing can be selected.
 */
export function Histogram(props: {
  label: string;
  series: readonly HistogramSeries[];
  selection?: { fromMs: number; toMs: number } | null;
  onSelect?: (range: { fromMs: number; toMs: number } | null) => void;
  heightPx?: number;
}) {
  const { label, series, selection = null, onSelect, heightPx = 160 } = props;
  const { t, i18n } = useTranslation();
  const palette = usePalette();
  const bars = useMemo(
    () =>
      barsOf(
        series.map((each) => each.buckets),
        MOST_BARS,
      ),
    [series],
  );
  const option = useMemo(() => {
    const { edges, counts } = bars;
    const isShare = series.length > 1;
    const totals = counts.map((of) => of.reduce((sum, count) => sum + count, 0));
    const valueText = (index: number, bar: number) => {
      const count = counts[index]?.[bar] ?? 0;
      const text = formatCount(count, i18n.language);
      return isShare ? `${text} (${formatShare(count / (totals[index] || 1))})` : text;
    };
    const chosen = selection && {
      first: barAt(edges, Math.max(Math.ceil(selection.fromMs), edges[0] ?? 0)) ?? 0,
      last: barAt(edges, Math.min(Math.floor(selection.toMs), (edges.at(-1) ?? 1) - 1)) ?? edges.length - 2,
    };
    return {
      ...frameOf(palette, onSelect !== undefined),
      legend: isShare ? { top: 0, right: 0, textStyle: { color: palette.text } } : undefined,
      grid: gridOf(isShare ? 28 : 10),
      xAxis: {
        type: 'category',
        data: edges.slice(0, -1).map((edge) => formatMs(edge)),
        ...axisOf(palette),
        axisTick: { show: false },
      },
      yAxis: {
        type: 'value',
        minInterval: isShare ? 0 : 1,
        splitNumber: 3,
        ...axisOf(palette),
        axisLabel: {
          color: palette.text,
          fontSize: 11,
          formatter: (value: number) => (isShare ? `${Math.round(value * 100)} %` : formatCount(value, i18n.language)),
        },
      },
      tooltip: {
        ...frameOf(palette, false).tooltip,
        trigger: 'axis',
        formatter: (points: { dataIndex: number }[]) => {
          const bar = points[0]?.dataIndex ?? 0;
          const head = `${formatMs(edges[bar] ?? 0)} – ${formatMs(edges[bar + 1] ?? 0)}`;
          return [head, ...series.map((each, index) => `${each.name}: ${valueText(index, bar)}`)].join('\n');
        },
      },
      series: series.map((each, index) => ({
        name: each.name,
        type: 'bar',
        barCategoryGap: '8%',
        barGap: '0%',
        data: (counts[index] ?? []).map((count, bar) => ({
          value: isShare ? count / (totals[index] || 1) : count,
          itemStyle: { opacity: !chosen || (bar >= chosen.first && bar <= chosen.last) ? 1 : 0.3 },
        })),
        itemStyle: { color: palette[each.role] },
      })),
    };
  }, [bars, series, palette, selection, onSelect, i18n.language]);

  return (
    <ChartWithTable
      label={label}
      heightPx={heightPx}
      columns={[t('chartResponseTime'), ...series.map((each) => each.name)]}
      rows={() =>
        bars.edges
          .slice(0, -1)
          .map((edge, bar) => [
            `${formatMs(edge)} – ${formatMs(bars.edges[bar + 1] ?? edge)}`,
            ...bars.counts.map((of) => formatCount(of[bar] ?? 0, i18n.language)),
          ])
      }
      hint={onSelect && t('chartSelect')}
      extra={onSelect && <LengthFields selection={selection} onSelect={onSelect} />}
    >
      <Chart
        label={label}
        heightPx={heightPx}
        option={option}
        brush={onSelect ? 'lineX' : null}
        onBrush={(coordinates) => {
          const [first, last] = coordinates as number[];
          if (onSelect && first !== undefined && last !== undefined) onSelect(rangeOfBars(bars.edges, first, last));
        }}
      />
    </ChartWithTable>
  );
}

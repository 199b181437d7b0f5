import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { formatCount, formatInstant, formatMs } from '@/model/format';
import { Chart, usePalette } from './Chart';
import { ChartWithTable } from './ChartParts';
import { axisOf, frameOf } from './frame';

/** What was selected: instants in epoch seconds and lengths in milliseconds. */
export interface HeatMapSelection {
  start: number;
  end: number;
  fromMs: number;
  toMs: number;
}

type Cell = Schemas['HeatMapCell'];

/** The lowest row reaches down to nothing, which a logarithmic axis has not. */
const LOWEST_MS = 0.5;

/**
 * How long traces took over time: columns of time, rows of response time (logarithmic), darker where more traces are,
 * red where they failed. Dragging calls `onSelect` with a rectangle.
 */
export function HeatMap(props: {
  label: string;
  answer: Schemas['HeatMapAnswer'];
  onSelect?: (selection: HeatMapSelection) => void;
  heightPx?: number;
}) {
  const { label, answer, onSelect, heightPx = 180 } = props;
  const { t, i18n } = useTranslation();
  const palette = usePalette();
  const option = useMemo(() => {
    const { cells, bucket_s } = answer;
    const most = cells.reduce((so, cell) => Math.max(so, cell.traces), 1);
    return {
      ...frameOf(palette, onSelect !== undefined),
      xAxis: { type: 'time', min: answer.set.start * 1000, max: answer.set.end * 1000, ...axisOf(palette) },
      yAxis: {
        type: 'log',
        logBase: 10,
        min: cells.reduce((least, cell) => Math.min(least, Math.max(cell.from_ms, LOWEST_MS)), 10),
        max: cells.reduce((most, cell) => Math.max(most, cell.to_ms), 10),
        ...axisOf(palette),
        axisLabel: { color: palette.text, fontSize: 11, formatter: (ms: number) => formatMs(ms) },
      },
      tooltip: {
        ...frameOf(palette, false).tooltip,
        formatter: ({ dataIndex }: { dataIndex: number }) => {
          const cell = cells[dataIndex];
          return cell ? cellLines(cell, i18n.language, t).join('\n') : '';
        },
      },
      series: [
        {
          type: 'custom',
          encode: { x: [0, 1], y: [2, 3] },
          data: cells.map((cell) => [
            cell.start * 1000,
            (cell.start + bucket_s) * 1000,
            Math.max(cell.from_ms, LOWEST_MS),
            cell.to_ms,
          ]),
          renderItem: (
            { dataIndex }: { dataIndex: number },
            api: { value(dimension: number): number; coord(point: [number, number]): [number, number] },
          ) => {
            const cell = cells[dataIndex];
            if (!cell) return null;
            const [left, bottom] = api.coord([api.value(0), api.value(2)]);
            const [right, top] = api.coord([api.value(1), api.value(3)]);
            return {
              type: 'rect',
              shape: { x: left, y: top, width: Math.max(1, right - left - 1), height: Math.max(1, bottom - top - 1) },
              style: {
                fill: colorOf(cell, palette),
                opacity: 0.25 + 0.75 * (Math.log1p(cell.traces) / Math.log1p(most)),
              },
            };
          },
        },
      ],
    };
  }, [answer, palette, onSelect, i18n.language, t]);

  return (
    <ChartWithTable
      label={label}
      heightPx={heightPx}
      columns={[t('chartTime'), t('chartResponseTime'), t('chartTraces')]}
      rows={() =>
        answer.cells.map((cell) => [
          formatInstant(cell.start, i18n.language),
          `${formatMs(cell.from_ms)} – ${formatMs(cell.to_ms)}`,
          formatCount(cell.traces, i18n.language),
        ])
      }
      hint={onSelect && t('chartSelect')}
    >
      <Chart
        label={label}
        heightPx={heightPx}
        option={option}
        brush={onSelect ? 'rect' : null}
        onBrush={(coordinates) => {
          const [time, length] = coordinates as number[][];
          if (!onSelect || !time || !length) return;
          const [startMs = 0, endMs = 0] = time;
          const [fromMs = 0, toMs = 0] = length;
          onSelect({ start: startMs / 1000, end: endMs / 1000, fromMs: fromMs <= LOWEST_MS ? 0 : fromMs, toMs });
        }}
      />
    </ChartWithTable>
  );
}

function cellLines(cell: Cell, language: string, t: TFunction<'shell'>): string[] {
  const outcomes = (['error', 'throttle', 'fault'] as const)
    .filter((outcome) => cell[outcome] > 0)
    .map((outcome) => `${t(outcome)}: ${formatCount(cell[outcome], language)}`);
  return [
    formatInstant(cell.start, language),
    `${formatMs(cell.from_ms)} – ${formatMs(cell.to_ms)}`,
    t('traceCount', { count: cell.traces }),
    ...outcomes,
  ];
}

/** The worst that a tenth of a cell's traces came to. */
function colorOf(cell: Cell, palette: ReturnType<typeof usePalette>): string {
  if (cell.fault * 10 >= cell.traces) return palette.fault;
  if (cell.throttle * 10 >= cell.traces) return palette.throttle;
  return cell.error * 10 >= cell.traces ? palette.error : palette.cell;
}

import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount, formatInstant, formatMs } from '@/model/format';
import { type BandMinute, type BandTexts, bandOption, rangeText } from './bandOption';
import { Chart, usePalette } from './Chart';
import { ChartWithTable } from './ChartParts';

/**
 * What was observed minute by minute over the range it was expected in. Minutes outside of it are marked by a shape,
 * and the incident is shaded. Instants in epoch seconds.
 */
export function BandChart(props: {
  label: string;
  /** How values are written: seconds as lengths of time, or numbers */
  unit: 's' | 'count';
  minutes: readonly BandMinute[];
  start: number;
  end: number;
  incident: { start: number; end: number };
  names: Pick<BandTexts, 'observed' | 'expected' | 'unusual' | 'incident'>;
  heightPx?: number;
}) {
  const { label, unit, minutes, start, end, incident, names, heightPx = 260 } = props;
  const { t, i18n } = useTranslation();
  const palette = usePalette();
  const texts = useMemo(
    (): BandTexts => ({
      ...names,
      value: (value) =>
        unit === 's' ? formatMs(value * 1000) : formatCount(Math.round(value * 10) / 10, i18n.language),
      language: i18n.language,
    }),
    [names, unit, i18n.language],
  );
  const option = useMemo(
    () => bandOption({ minutes, start, end, incident, isCount: unit === 'count', palette, texts }),
    [minutes, start, end, incident, unit, palette, texts],
  );
  return (
    <ChartWithTable
      label={label}
      heightPx={heightPx}
      columns={[t('chartTime'), names.observed, names.expected, names.unusual]}
      rows={() =>
        minutes.map((minute) => [
          formatInstant(minute.start, i18n.language),
          minute.observed === null ? '–' : texts.value(minute.observed),
          rangeText(minute, texts),
          minute.is_anomalous ? '◆' : '–',
        ])
      }
    >
      <Chart label={label} heightPx={heightPx} option={option} />
    </ChartWithTable>
  );
}

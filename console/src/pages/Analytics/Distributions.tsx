import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { Histogram } from '@/components/charts/Histogram';
import { TimeSeries } from '@/components/charts/TimeSeries';
import { responseTimesOf } from '@/model/conjunction';
import { activityLines } from './activityLines';
import './analytics.css';

type Overview = Schemas['OverviewAnswer'];

/**
 * How long the traces of both sets took, and when they began. `bEarlier` says how many seconds earlier the times of B
 * are, null where B is of other times altogether.
 */
export function Distributions(props: {
  a: Overview;
  b: Overview | null;
  bEarlier: number | null;
  filter: string;
  onLengths(range: { fromMs: number; toMs: number } | null): void;
  onTimes(range: { start: number; end: number }): void;
}) {
  const { t } = useTranslation('analytics');
  const { a, b, bEarlier, filter } = props;
  const rangeText = useLengthText();
  const selection = useMemo(() => responseTimesOf(filter), [filter]);
  const series = useMemo(
    () => [
      { name: t('setA'), role: 'a' as const, buckets: a.response_time.histogram },
      ...(b ? [{ name: t('setB'), role: 'b' as const, buckets: b.response_time.histogram }] : []),
    ],
    [a, b, t],
  );
  const lines = useMemo(
    () =>
      activityLines(a, bEarlier === null ? null : b, bEarlier ?? 0, {
        succeeded: t('succeeded'),
        failed: b ? t('failedA') : t('failed'),
        a: t('setA'),
        b: bEarlier ? t('earlier', { length: rangeText(bEarlier) }) : t('setB'),
      }),
    [a, b, bEarlier, t, rangeText],
  );
  return (
    <div className="side-by-side">
      <Container
        fitHeight
        header={
          <Header variant="h2" description={t('distributionWhat')}>
            {t('distribution')}
          </Header>
        }
      >
        {a.response_time.histogram.length ? (
          <Histogram label={t('distribution')} series={series} selection={selection} onSelect={props.onLengths} />
        ) : (
          <Box color="text-body-secondary">{t('noFinished')}</Box>
        )}
      </Container>
      <Container
        fitHeight
        header={
          <Header variant="h2" description={t('activityWhat')}>
            {t('activity')}
          </Header>
        }
      >
        <TimeSeries
          label={t('activity')}
          kind={lines.kind}
          unit="count"
          start={a.set.start}
          end={a.set.end}
          bucketS={a.activity.bucket_s}
          lines={lines.lines}
          onSelect={props.onTimes}
        />
        {b && bEarlier === null && (
          <Box color="text-body-secondary" fontSize="body-s">
            {t('otherTimes')}
          </Box>
        )}
      </Container>
    </div>
  );
}

/** A length of time in words, as in the picker of time ranges but without "Last". */
function useLengthText(): (seconds: number) => string {
  const { t } = useTranslation();
  return useMemo(
    () => (seconds: number) => {
      const [key, length] =
        (
          [
            ['days', 86_400],
            ['hours', 3600],
            ['minutes', 60],
          ] as const
        ).find(([, each]) => seconds % each === 0) ?? (['seconds', 1] as const);
      return t(key, { count: Math.round(seconds / length) });
    },
    [t],
  );
}

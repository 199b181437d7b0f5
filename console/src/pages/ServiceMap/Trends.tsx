import SpaceBetween from '@cloudscape-design/components/space-between';
import { useTranslation } from 'react-i18next';
import { TimeSeries, type TimeSeriesLine } from '@/components/charts/TimeSeries';
import { PageLoading } from '@/components/PageLoading';
import { TroubleAlert } from '@/components/TroubleAlert';
import { OUTCOMES } from '@/graph/measures';
import type { Scope } from '@/model/scope';
import { type TimeSeriesOf, useTimeSeries } from '@/query/useTimeSeries';

/** Requests by what they came to and how long they took, over the time range; a stretch of it can be chosen. */
export function Trends(props: {
  scope: Scope;
  of: TimeSeriesOf;
  onRange(range: { start: number; end: number }): void;
}) {
  const { t } = useTranslation(['map', 'shell']);
  const { data, error, refetch } = useTimeSeries(props.scope, props.of);
  if (!data) return error ? <TroubleAlert trouble={error} onRetry={() => void refetch()} /> : <PageLoading />;
  const { set, bucket_s: bucketS, buckets } = data;
  const common = { start: set.start, end: set.end, bucketS, heightPx: 150, onSelect: props.onRange };
  const counts = OUTCOMES.map(
    (outcome): TimeSeriesLine => ({
      name: t(`shell:${outcome}`),
      color: outcome,
      points: buckets.map((bucket) => [bucket.start, bucket[outcome]]),
    }),
  );
  const latencies = (['p50', 'p90', 'p99'] as const).map(
    (which): TimeSeriesLine => ({
      name: t(which),
      color: which,
      points: buckets.flatMap(({ start, percentiles }) => (percentiles ? [[start, percentiles[`${which}_ms`]]] : [])),
    }),
  );
  return (
    <SpaceBetween size="s">
      <TimeSeries label={t('trendRequests')} kind="stacked-bars" unit="count" lines={counts} {...common} />
      <TimeSeries label={t('trendLatency')} kind="lines" unit="ms" lines={latencies} {...common} />
    </SpaceBetween>
  );
}

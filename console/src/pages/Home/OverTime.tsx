import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { TimeSeries } from '@/components/charts/TimeSeries';
import type { Scope } from '@/model/scope';
import { useRequestSeries } from '@/query/useHomeFigures';
import './home.css';

/** Requests by outcome and how long they took, over time. Dragging looks at a shorter time. */
export function OverTime(props: { scope: Scope; onTimes(range: { start: number; end: number }): void }) {
  const { t } = useTranslation('home');
  const { t: shell } = useTranslation();
  const { data } = useRequestSeries(props.scope);
  const outcomes = useMemo(
    () =>
      (['ok', 'error', 'throttle', 'fault'] as const).map((outcome) => ({
        name: shell(outcome),
        color: outcome,
        points: (data?.buckets ?? []).map((bucket) => [bucket.start, bucket[outcome]] as const),
      })),
    [data, shell],
  );
  const times = useMemo(
    () =>
      (['p50', 'p90', 'p99'] as const).map((name) => ({
        name: name.toUpperCase(),
        color: name,
        points: (data?.buckets ?? []).flatMap(({ start, percentiles }) =>
          percentiles ? [[start, percentiles[`${name}_ms`]] as const] : [],
        ),
      })),
    [data],
  );
  if (!data) return null;
  const shared = { start: data.set.start, end: data.set.end, bucketS: data.bucket_s, onSelect: props.onTimes };
  return (
    <div className="home-columns">
      <Container
        fitHeight
        header={
          <Header variant="h2" description={t('requestsOverTimeWhat')}>
            {t('requestsOverTime')}
          </Header>
        }
      >
        <TimeSeries {...shared} label={t('requestsOverTime')} kind="stacked-bars" unit="count" lines={outcomes} />
      </Container>
      <Container
        fitHeight
        header={
          <Header variant="h2" description={t('timesOverTimeWhat')}>
            {t('timesOverTime')}
          </Header>
        }
      >
        <TimeSeries {...shared} label={t('timesOverTime')} kind="lines" unit="ms" lines={times} />
      </Container>
    </div>
  );
}

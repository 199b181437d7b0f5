import Box from '@cloudscape-design/components/box';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Histogram, type HistogramSeries } from '@/components/charts/Histogram';
import type { MapEdge, Statistics } from '@/graph/types';
import { bothOf, type Scope } from '@/model/scope';
import { analyticsUrl } from '@/pages/Analytics/url';
import { tracesUrl } from '@/pages/Traces/url';
import type { TimeSeriesOf } from '@/query/useTimeSeries';
import { NO_CONDITION, withCondition } from './condition';
import { Figures } from './Figures';
import { OutcomeChoice } from './OutcomeChoice';
import { PageButton } from './PageButton';
import { Trends } from './Trends';

interface Properties {
  scope: Scope;
  onScope(change: Partial<Scope>): void;
  statistics: Statistics;
  seconds: number;
  /** Selects the traces that came here; null where no expression can */
  filter: string | null;
  /** null where no figures over time are kept: of links */
  of: TimeSeriesOf | null;
  messageAges: MapEdge['message_ages'];
}

/** The requests of a node or an edge: figures, what they came to, how long they took, and ways on to their traces. */
export function Requests(props: Properties) {
  const { t } = useTranslation('map');
  const { scope, statistics, filter, messageAges } = props;
  const [condition, setCondition] = useState(NO_CONDITION);
  const expression = filter === null ? null : withCondition(filter, condition);
  const there = expression === null ? null : { ...scope, filter: bothOf(scope.filter, expression) };
  return (
    <SpaceBetween size="m">
      <Figures statistics={statistics} seconds={props.seconds} />
      {there && (
        <SpaceBetween direction="horizontal" size="xs">
          <PageButton to={tracesUrl(there)} variant="primary">
            {t('viewTraces')}
          </PageButton>
          <PageButton to={analyticsUrl(there)}>{t('analyze')}</PageButton>
        </SpaceBetween>
      )}
      <OutcomeChoice
        statistics={statistics}
        chosen={condition.outcomes}
        onChange={filter === null ? null : (outcomes) => setCondition({ ...condition, outcomes })}
      />
      <Distribution
        label={t('distribution')}
        buckets={statistics.histogram}
        {...(filter === null
          ? {}
          : { selection: condition.range, onSelect: (range) => setCondition({ ...condition, range }) })}
      />
      {messageAges && <Distribution label={t('ages')} buckets={messageAges} />}
      {expression !== null && expression !== filter && (
        <div>
          <Box variant="awsui-key-label">{t('condition')}</Box>
          <code className="code text-as-sent">{expression}</code>
        </div>
      )}
      {props.of && (
        <section>
          <Box variant="h3" padding="n">
            {t('trends')}
          </Box>
          <Trends
            scope={scope}
            of={props.of}
            onRange={({ start, end }) => props.onScope({ range: { kind: 'between', start, end } })}
          />
        </section>
      )}
    </SpaceBetween>
  );
}

type Range = { fromMs: number; toMs: number } | null;

function Distribution(props: {
  label: string;
  buckets: HistogramSeries['buckets'];
  selection?: Range;
  onSelect?: (range: Range) => void;
}) {
  const { label, buckets, ...choice } = props;
  const series = useMemo(() => [{ name: label, role: 'plain' as const, buckets }], [label, buckets]);
  if (buckets.length === 0) return null;
  return (
    <section>
      <Box variant="h3" padding="n">
        {label}
      </Box>
      <Histogram label={label} series={series} heightPx={150} {...choice} />
    </section>
  );
}

import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { Histogram } from '@/components/charts/Histogram';
import { valueText } from '@/model/attributes';
import { type AttributeId, conditionFor } from '@/model/conditions';
import { formatMs } from '@/model/format';
import { bothOf, type Scope } from '@/model/scope';
import { askedScope } from '@/model/traceSets';
import { useSetOverview } from '@/query/useTraceSets';
import './analytics.css';

const SHOWN = 4;

/** How long the traces of each of the most frequent values took, each beside all of the set. */
export function GroupDistributions(props: {
  scope: Scope;
  whole: Schemas['OverviewAnswer'];
  attribute: AttributeId;
  rows: readonly Schemas['GroupRowShape'][];
}) {
  const { t } = useTranslation('analytics');
  const shown = props.rows.filter((row) => conditionFor(props.attribute, row.value) !== null).slice(0, SHOWN);
  return (
    <Container
      header={
        <Header variant="h2" description={t('perGroupWhat')}>
          {t('perGroup')}
        </Header>
      }
    >
      <div className="multiples">
        {shown.map((row) => (
          <OfValue
            key={JSON.stringify(row.value)}
            scope={props.scope}
            whole={props.whole}
            attribute={props.attribute}
            value={row.value}
          />
        ))}
      </div>
    </Container>
  );
}

function OfValue(props: {
  scope: Scope;
  whole: Schemas['OverviewAnswer'];
  attribute: AttributeId;
  value: Schemas['GroupRowShape']['value'];
}) {
  const { t } = useTranslation('analytics');
  const { t: shell } = useTranslation();
  const { scope, attribute, value, whole } = props;
  const set = useMemo(
    () => askedScope({ ...scope, filter: bothOf(scope.filter, conditionFor(attribute, value) ?? '') }),
    [scope, attribute, value],
  );
  const { data } = useSetOverview(set);
  const text = valueText(attribute.kind, value, t('none'));
  const histogram = data?.response_time.histogram;
  const series = useMemo(
    () => [
      { name: shortened(text), role: 'plain' as const, buckets: histogram ?? [] },
      { name: t('allOfA'), role: 'whole' as const, buckets: whole.response_time.histogram },
    ],
    [histogram, whole, text, t],
  );
  const percentiles = data?.response_time.percentiles;
  return (
    <section className="multiple" aria-label={text}>
      <Box variant="h3" fontSize="heading-xs">
        <div className="one-line" title={text}>
          {text}
        </div>
      </Box>
      <Box color="text-body-secondary" fontSize="body-s">
        {data &&
          [
            shell('traceCount', { count: data.traces }),
            ...(percentiles ? [`P50 ${formatMs(percentiles.p50_ms)}`, `P95 ${formatMs(percentiles.p95_ms)}`] : []),
          ].join(' · ')}
        {!data && shell('loading')}
      </Box>
      <Histogram label={`${t('distribution')}: ${text}`} series={series} heightPx={150} />
    </section>
  );
}

function shortened(text: string): string {
  return text.length > 24 ? `${text.slice(0, 23)}…` : text;
}

import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { BandChart } from '@/components/charts/BandChart';
import { PageLoading } from '@/components/PageLoading';
import { TroubleAlert } from '@/components/TroubleAlert';
import { visible } from '@/model/format';
import { entitiesOf, entityKeys, entityText, isEntity, SIGNALS, type Signal, timeAround } from '@/model/insights';
import { useBands } from '@/query/useInsights';
import { bandOf, type Drawn } from './drawn';
import './insight.css';

/** What was observed of a service or a call, over what was expected of it. */
export function Band(props: {
  answer: Schemas['InsightAnswer'];
  drawn: Drawn;
  onDraw(of: readonly string[]): void;
  onSignal(signal: Signal): void;
}) {
  const { t } = useTranslation('insights');
  const { answer, drawn } = props;
  const { insight, anomalous_set } = answer;
  const { start, end } = timeAround(insight, insight.updated);
  const { data, error, refetch } = useBands(
    { start, end, group: anomalous_set.group },
    bandOf(drawn.entity),
    drawn.signal,
    insight.state === 'ACTIVE',
  );
  const name = visible(entityText(drawn.entity, t('unnamed')));
  const options = useMemo(() => {
    const all = entitiesOf(insight);
    if (!all.some((entity) => isEntity(entity, drawn.keys))) all.push(drawn.entity);
    return all.map((entity) => ({
      value: JSON.stringify(entityKeys(entity)),
      label: visible(entityText(entity, t('unnamed'))),
      ...(isEntity(insight.root_cause.entity, entityKeys(entity)) ? { labelTag: t('markCause') } : {}),
    }));
  }, [insight, drawn, t]);
  const names = useMemo(
    () => ({ observed: t('observed'), expected: t('expected'), unusual: t('unusual'), incident: t('incident') }),
    [t],
  );
  const incident = useMemo(() => ({ start: insight.start, end: insight.end ?? end }), [insight, end]);
  const note = !data?.minutes.some((minute) => minute.high !== null)
    ? t('noExpectation')
    : data.minutes.some((minute) => minute.is_anomalous && minute.start >= insight.start)
      ? ''
      : t('noneUnusual');
  return (
    <Container
      header={
        <Header variant="h2" description={t('bandWhat')}>
          {t('band')}
        </Header>
      }
    >
      <SpaceBetween size="s">
        <div className="incident-choices">
          <Select
            ariaLabel={t('bandOf')}
            inlineLabelText={t('bandOf')}
            selectedOption={options.find(({ value }) => value === JSON.stringify(drawn.keys)) ?? null}
            options={options}
            onChange={({ detail }) => props.onDraw(JSON.parse(detail.selectedOption.value ?? '[]') as string[])}
            expandToViewport
          />
          <SegmentedControl
            label={t('bandSignal')}
            selectedId={drawn.signal}
            options={SIGNALS.map((signal) => ({ id: signal, text: t(`signal_${signal}`) }))}
            onChange={({ detail }) => props.onSignal(detail.selectedId as Signal)}
          />
        </div>
        <TroubleAlert trouble={error} onRetry={() => void refetch()} />
        {data && data.minutes.length > 0 ? (
          <>
            <Box color="text-body-secondary" fontSize="body-s">
              {t(data.signal === 'latency' ? 'unit_latency' : 'unit_count')}
              {note && ` · ${note}`}
            </Box>
            <BandChart
              label={t('bandLabel', { signal: t(`signal_${data.signal}`), name })}
              unit={data.signal === 'latency' ? 's' : 'count'}
              minutes={data.minutes}
              start={data.set.start}
              end={data.set.end}
              incident={incident}
              names={names}
            />
          </>
        ) : data ? (
          <Box color="text-body-secondary">{t('noBands')}</Box>
        ) : (
          !error && <PageLoading />
        )}
      </SpaceBetween>
    </Container>
  );
}

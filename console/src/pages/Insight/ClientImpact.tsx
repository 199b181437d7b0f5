import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { TimeSeries } from '@/components/charts/TimeSeries';

const MINUTE_S = 60;

/** What clients got over time, the incident shaded. */
export function ClientImpact(props: { answer: Schemas['InsightAnswer'] }) {
  const { t } = useTranslation('insights');
  const { t: shell } = useTranslation();
  const { impact, insight } = props.answer;
  const lines = useMemo(
    () =>
      (['ok', 'error', 'throttle', 'fault'] as const)
        .filter((outcome) => outcome === 'ok' || impact.some((minute) => minute[outcome] > 0))
        .map((outcome) => ({
          name: shell(outcome),
          color: outcome,
          points: impact.map((minute) => [minute.start, minute[outcome]] as const),
        })),
    [impact, shell],
  );
  const [first, last] = [impact[0], impact.at(-1)];
  const end = Math.max(insight.end ?? insight.updated, (last?.start ?? 0) + MINUTE_S);
  const shaded = useMemo(
    () => ({ name: t('incident'), start: insight.start, end: insight.end ?? end }),
    [t, insight, end],
  );
  return (
    <Container
      fitHeight
      header={
        <Header variant="h2" description={t('impactWhat')}>
          {t('impact')}
        </Header>
      }
    >
      {first ? (
        <TimeSeries
          label={t('impact')}
          kind="stacked-bars"
          unit="count"
          start={Math.min(first.start, insight.start)}
          end={end}
          bucketS={MINUTE_S}
          lines={lines}
          shaded={shaded}
          heightPx={220}
        />
      ) : (
        <Box color="text-body-secondary">{t('noImpact')}</Box>
      )}
    </Container>
  );
}

import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { formatCount, formatMs, formatShare } from '@/model/format';
import './home.css';

type Overview = Schemas['OverviewAnswer'];

/** The figures that say whether all is well, each beside that of the time before. */
export function Figures(props: { now: Overview; before: Overview | null }) {
  const { t, i18n } = useTranslation('home');
  const { now, before } = props;
  const figures: [label: string, value: (of: Overview) => string, isBad?: boolean][] = [
    [t('requests'), (of) => formatCount(of.traces, i18n.language)],
    [t('faultRate'), (of) => formatShare(shareOf(of, 'fault')), now.outcomes.fault > 0],
    [t('errorRate'), (of) => formatShare(shareOf(of, 'error'))],
    [t('throttleRate'), (of) => formatShare(shareOf(of, 'throttle'))],
    [t('averageTime'), (of) => lengthText(of.average_response_time_ms)],
    [t('p95Time'), (of) => lengthText(of.response_time.percentiles?.p95_ms)],
  ];
  return (
    <Container>
      <dl className="home-figures">
        {figures.map(([label, value, isBad]) => (
          <div key={label}>
            <dt>
              <Box variant="awsui-key-label">{label}</Box>
            </dt>
            <dd>
              <Box fontSize="heading-xl" fontWeight="bold" {...(isBad ? { color: 'text-status-error' as const } : {})}>
                {value(now)}
              </Box>
            </dd>
            <dd>
              <Box color="text-body-secondary" fontSize="body-s">
                {before?.traces ? t('before', { value: value(before) }) : before ? t('beforeNone') : '\u00a0'}
              </Box>
            </dd>
          </div>
        ))}
      </dl>
    </Container>
  );
}

function shareOf(of: Overview, outcome: 'fault' | 'error' | 'throttle'): number {
  return of.traces ? of.outcomes[outcome] / of.traces : 0;
}

function lengthText(ms: number | null | undefined): string {
  return ms == null ? '–' : formatMs(ms);
}

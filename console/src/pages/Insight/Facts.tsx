import Container from '@cloudscape-design/components/container';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import { useTranslation } from 'react-i18next';
import { CategoryBadge } from '@/components/CategoryBadge';
import { ImpactText } from '@/components/ImpactText';
import { InsightState } from '@/components/InsightState';
import { formatInstant, formatLength, visible } from '@/model/format';
import { type Insight, lengthOf } from '@/model/insights';
import './insight.css';

/** When it was, in which group, and how requests fared. */
export function Facts(props: { insight: Insight }) {
  const { t, i18n } = useTranslation('insights');
  const { insight } = props;
  const instant = (at: number) => formatInstant(at, i18n.language);
  const text = (value: string) => <span className="text-as-sent">{value}</span>;
  return (
    <Container>
      <KeyValuePairs
        columns={4}
        items={[
          {
            label: t('state'),
            value: (
              <>
                <InsightState state={insight.state} />
                {insight.state === 'ACTIVE' && <span className="incident-small">{t('refreshing')}</span>}
              </>
            ),
          },
          {
            label: t('category'),
            value: (
              <div className="incident-categories">
                {insight.categories.map((category) => (
                  <CategoryBadge key={category} category={category} />
                ))}
              </div>
            ),
          },
          {
            label: t('clientImpact'),
            value: <ImpactText impact={insight.client_impact} label={t('clientImpact')} />,
          },
          {
            label: t('rootCauseImpact'),
            value: <ImpactText impact={insight.root_cause_impact} label={t('rootCauseImpact')} />,
          },
          { label: t('start'), value: instant(insight.start) },
          { label: t('end'), value: insight.end === null ? t('ongoing') : instant(insight.end) },
          { label: t('length'), value: formatLength(lengthOf(insight, Date.now()), i18n.language) },
          {
            label: t('group'),
            value: (
              <>
                {text(visible(insight.group))}
                <span className="incident-small">
                  {t('detected')}: {instant(insight.detected)}
                </span>
              </>
            ),
          },
        ]}
      />
    </Container>
  );
}

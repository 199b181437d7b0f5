import { useTranslation } from 'react-i18next';
import { formatCount, formatShare } from '@/model/format';
import { failedOf, type Impact } from '@/model/insights';
import { OutcomeBar } from './OutcomeBar';
import './impact.css';

/** How requests fared during an incident: their outcomes as a bar, and how many did not end OK. */
export function ImpactText(props: { impact: Impact; label: string }) {
  const { t, i18n } = useTranslation('insights');
  const { impact } = props;
  if (impact.requests === 0) return <span>{t('noRequests')}</span>;
  const failed = failedOf(impact);
  return (
    <div className="impact">
      <div>
        <span className="impact-share">{formatShare(failed / impact.requests)}</span>
        <span className="impact-count">
          {t('impactOf', {
            failed: formatCount(failed, i18n.language),
            requests: formatCount(impact.requests, i18n.language),
          })}
        </span>
      </div>
      <OutcomeBar counts={impact} label={props.label} />
    </div>
  );
}

import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useTranslation } from 'react-i18next';
import type { Insight } from '@/model/insights';

/** Whether an incident lasts. On pages that have the texts of insights. */
export function InsightState(props: { state: Insight['state'] }) {
  const { t } = useTranslation('insights');
  return (
    <StatusIndicator type={props.state === 'ACTIVE' ? 'error' : 'stopped'}>{t(`state_${props.state}`)}</StatusIndicator>
  );
}

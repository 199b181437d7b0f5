import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useTranslation } from 'react-i18next';
import { useStatus } from '@/query/useStatus';

/** Nothing is stored of this trace: it may be on its way, or gone. */
export function TraceMissing(props: { traceId: string; isWaiting: boolean; onRetry(): void }) {
  const { t } = useTranslation('trace');
  const { t: shared } = useTranslation();
  const days = useStatus().data?.retention_days;
  return (
    <SpaceBetween size="m">
      <Header variant="h1" actions={<Button onClick={props.onRetry}>{shared('retry')}</Button>}>
        {t('missing')}
      </Header>
      <Box>
        <span className="code">{props.traceId}</span>
      </Box>
      <ul>
        <li>{t('missingSoon')}</li>
        <li>{days ? t('missingExpired', { count: days }) : t('missingExpiredSometime')}</li>
        <li>{t('missingSampled')}</li>
      </ul>
      <div role="status">
        {props.isWaiting ? (
          <StatusIndicator type="loading">{t('missingWaiting')}</StatusIndicator>
        ) : (
          <StatusIndicator type="stopped">{t('missingGivenUp')}</StatusIndicator>
        )}
      </div>
    </SpaceBetween>
  );
}

import Alert from '@cloudscape-design/components/alert';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useTranslation } from 'react-i18next';
import { PageLoading } from '@/components/PageLoading';
import { TroubleAlert } from '@/components/TroubleAlert';
import { useTraceDocuments } from '@/query/useTrace';
import RawTab from './RawTab';

/** Every document of a trace. */
export default function RawTrace(props: { traceId: string }) {
  const { t } = useTranslation('trace');
  const { data, error, refetch } = useTraceDocuments(props.traceId, true);
  if (!data) return error ? <TroubleAlert trouble={error} onRetry={() => void refetch()} /> : <PageLoading />;
  return (
    <SpaceBetween size="m">
      {!data.complete && <Alert type="warning">{t('rawIncomplete')}</Alert>}
      <RawTab value={data.documents} fileName={`${props.traceId}.json`} />
    </SpaceBetween>
  );
}

import { lazy, Suspense, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { PageLoading } from '@/components/PageLoading';
import { TroubleAlert } from '@/components/TroubleAlert';
import { scopeAround } from '@/model/firstTrace';
import { mapUrl } from '@/pages/ServiceMap/url';
import { useStatus } from '@/query/useStatus';
import { useNotices } from '@/stores/notices';
import { Welcome } from './Welcome';

// Tables and charts are not fetched by those who have no traces yet.
const Dashboard = lazy(() => import('./Dashboard'));

/** Without traces how to send one, until the first arrives; with traces how the application fares. */
export default function Home() {
  const { t } = useTranslation('home');
  const navigate = useNavigate();
  const tell = useNotices((notices) => notices.tell);
  const wasEmpty = useRef(false);
  // Two questions of one key: the first says whether the second has to be asked often.
  const isWaiting = useStatus().data?.stored.newest === null;
  const { data: status, error, refetch } = useStatus(isWaiting);
  const newest = status?.stored.newest ?? null;

  useEffect(() => {
    if (!status) return;
    if (newest === null) {
      wasEmpty.current = true;
    } else if (wasEmpty.current) {
      wasEmpty.current = false;
      tell('success', t('arrived'));
      navigate(mapUrl(scopeAround(newest, status.now)), { replace: true });
    }
  }, [status, newest, navigate, tell, t]);

  if (!status) return error ? <TroubleAlert trouble={error} onRetry={() => void refetch()} /> : <PageLoading />;
  if (newest === null) return <Welcome place={status} />;
  return (
    <Suspense fallback={<PageLoading />}>
      <Dashboard status={status} />
    </Suspense>
  );
}

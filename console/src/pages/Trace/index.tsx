import './trace.css';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { PageLoading } from '@/components/PageLoading';
import { TroubleAlert } from '@/components/TroubleAlert';
import { visible } from '@/model/format';
import { traceIdOf } from '@/model/traceId';
import { useTimeline } from '@/query/useTrace';
import { useTraceView } from '@/stores/traceView';
import { TraceCrumbs } from './TraceCrumbs';
import { TraceMissing } from './TraceMissing';
import { TraceView } from './TraceView';

/** For how long a trace that is not there is waited for. */
const WAIT_MS = 60_000;

export default function Trace() {
  const { t } = useTranslation('trace');
  const { traceId: asked = '' } = useParams();
  const traceId = useMemo(() => traceIdOf(asked), [asked]);
  const [waitsUntil, setWaitsUntil] = useState(() => Date.now() + WAIT_MS);
  const [isWaiting, setWaiting] = useState(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another trace is waited for anew
  useEffect(() => {
    setWaitsUntil(Date.now() + WAIT_MS);
  }, [traceId]);
  useEffect(() => {
    setWaiting(true);
    const timer = window.setTimeout(() => setWaiting(false), waitsUntil - Date.now());
    return () => window.clearTimeout(timer);
  }, [waitsUntil]);
  const timeline = useTimeline(traceId, isWaiting);
  const visit = useTraceView((view) => view.visit);
  const found = timeline.data?.trace_id;
  useEffect(() => {
    if (found) visit(found);
  }, [found, visit]);
  useEffect(() => {
    const before = document.title;
    document.title = `${t('traceTitle', { id: traceId ?? '' })} – raylens`;
    return () => {
      document.title = before;
    };
  }, [t, traceId]);

  let content = <PageLoading />;
  if (traceId === null) {
    content = (
      <SpaceBetween size="m">
        <Header variant="h1">{t('malformed')}</Header>
        <Alert type="warning">
          <Box variant="p">{t('malformedWhat')}</Box>
          <code className="code text-as-sent">{visible(asked.slice(0, 200))}</code>
        </Alert>
      </SpaceBetween>
    );
  } else if (timeline.data) content = <TraceView timeline={timeline.data} trouble={timeline.error} />;
  else if (timeline.error?.code === 'unknown_trace') {
    content = (
      <TraceMissing
        traceId={traceId}
        isWaiting={isWaiting}
        onRetry={() => {
          setWaitsUntil(Date.now() + WAIT_MS);
          void timeline.refetch();
        }}
      />
    );
  } else if (timeline.error) {
    content = <TroubleAlert trouble={timeline.error} onRetry={() => void timeline.refetch()} />;
  }
  return (
    <div className="tl-page">
      <SpaceBetween size="m">
        <TraceCrumbs traceId={traceId ?? visible(asked.slice(0, 60))} />
        {content}
      </SpaceBetween>
    </div>
  );
}

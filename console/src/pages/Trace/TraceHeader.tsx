import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { OutcomeBadge } from '@/components/OutcomeBadge';
import { TroubleAlert } from '@/components/TroubleAlert';
import { formatAge } from '@/model/age';
import { formatCount, formatInstant, formatMs } from '@/model/format';
import { prettyJson } from '@/model/prettyJson';
import type { TraceTree } from '@/model/traceTree';
import { useTraceDocuments } from '@/query/useTrace';
import { CompareDialog } from './CompareDialog';
import { download } from './download';
import { type Fact, FactStrip, Sent } from './Facts';
import { LinkedTraces } from './LinkedTraces';
import { Copied } from './OverviewTab';
import { serviceText } from './SpanPanel';

const MOST_USERS = 3;

/** What the trace is as a whole, and what can be done with it. */
export function TraceHeader(props: {
  timeline: Schemas['TimelineAnswer'];
  tree: TraceTree;
  isRefreshing: boolean;
  actions: ReactNode;
}) {
  const { t, i18n } = useTranslation('trace');
  const { timeline, tree } = props;
  const [isComparing, setComparing] = useState(false);
  const documents = useTraceDocuments(timeline.trace_id, false);
  const save = async () => {
    const { data } = await documents.refetch();
    if (data) download(`${timeline.trace_id}.json`, prettyJson(data.documents));
  };
  const request = [timeline.http_method, timeline.http_url].filter(Boolean).join(' ');
  const users = timeline.users.slice(0, MOST_USERS).join(', ');
  const more = timeline.users.length - MOST_USERS;
  const facts: Fact[] = [
    [
      t('outcome'),
      <span key="outcome">
        <OutcomeBadge outcome={timeline.outcome} />
        {timeline.http_status ? ` · HTTP ${timeline.http_status}` : ''}
      </span>,
    ],
    [t('responseTime'), timeline.response_time_ms === null ? t('inProgress') : formatMs(timeline.response_time_ms)],
    [t('duration'), timeline.duration_ms === null ? t('inProgress') : formatMs(timeline.duration_ms)],
    [
      t('start'),
      <span key="start">
        {formatInstant(timeline.start, i18n.language, true)}{' '}
        <span className="json-faint">({formatAge(timeline.start, Date.now(), i18n.language)})</span>
      </span>,
    ],
    [t('entry'), timeline.entry && <Sent text={serviceText(timeline.entry)} />],
    [t('spans'), formatCount(tree.size, i18n.language)],
    [t('users'), users && (more > 0 ? `${users} ${t('andMore', { count: more })}` : users)],
  ];
  return (
    <SpaceBetween size="s">
      <Header
        variant="h1"
        description={<Sent text={request || t('notHttp')} />}
        actions={
          <SpaceBetween direction="horizontal" size="xs" alignItems="center">
            {props.actions}
            <Button iconName="download" loading={documents.isFetching} onClick={() => void save()}>
              {t('downloadJson')}
            </Button>
            <Button onClick={() => setComparing(true)}>{t('compare')}</Button>
          </SpaceBetween>
        }
      >
        {t('title')} <Copied text={timeline.trace_id} />
      </Header>
      <TroubleAlert trouble={documents.error} onRetry={() => void save()} />
      {timeline.is_partial && (
        <div role="status">
          <StatusIndicator type={props.isRefreshing ? 'in-progress' : 'warning'}>
            {t(props.isRefreshing ? 'partialRefreshing' : 'partial')}
          </StatusIndicator>
        </div>
      )}
      <FactStrip facts={facts} />
      <LinkedTraces links={timeline.links} tree={tree} />
      {isComparing && <CompareDialog traceId={timeline.trace_id} onClose={() => setComparing(false)} />}
    </SpaceBetween>
  );
}

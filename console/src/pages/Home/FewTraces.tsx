import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { InnerLink } from '@/components/InnerLink';
import { formatInstant, formatMs, visible } from '@/model/format';
import { traceUrl } from '@/pages/Trace/url';
import './home.css';

type Row = Schemas['TraceRow'];

const INDICATORS: Record<Row['outcome'], StatusIndicatorProps.Type> = {
  ok: 'success',
  error: 'warning',
  throttle: 'warning',
  fault: 'error',
  unfinished: 'in-progress',
};

/** A short list of traces that lead to themselves. */
export function FewTraces(props: {
  title: string;
  traces: readonly Row[] | undefined;
  empty: string;
  hasCause?: boolean;
  actions: ReactNode;
}) {
  const { t, i18n } = useTranslation('home');
  const { t: shell } = useTranslation();
  return (
    <Table<Row>
      variant="container"
      items={props.traces ?? []}
      loading={!props.traces}
      loadingText={shell('loading')}
      trackBy="id"
      wrapLines
      header={
        <Header variant="h2" actions={props.actions}>
          {props.title}
        </Header>
      }
      columnDefinitions={[
        {
          id: 'request',
          header: t('request'),
          isRowHeader: true,
          minWidth: 180,
          cell: (row) => (
            <>
              <InnerLink to={traceUrl(row.id)}>
                <span className="text-as-sent">{visible(requestText(row)) || row.id}</span>
              </InnerLink>
              <Box color="text-body-secondary" fontSize="body-s">
                {formatInstant(row.start, i18n.language)}
                {props.hasCause && row.cause && (
                  <>
                    {' · '}
                    <span className="text-as-sent">{visible(row.cause)}</span>
                  </>
                )}
              </Box>
            </>
          ),
        },
        {
          id: 'outcome',
          header: t('outcome'),
          minWidth: 130,
          cell: (row) => (
            <StatusIndicator type={INDICATORS[row.outcome]}>
              {row.http_status && row.outcome !== 'ok'
                ? `${shell(row.outcome).split(' (')[0]} ${row.http_status}`
                : shell(row.outcome)}
            </StatusIndicator>
          ),
        },
        {
          id: 'length',
          header: <div className="home-number">{t('responseTime')}</div>,
          cell: (row) => (
            <div className="home-number">{row.response_time_ms === null ? '–' : formatMs(row.response_time_ms)}</div>
          ),
        },
      ]}
      empty={<Box color="text-body-secondary">{props.empty}</Box>}
    />
  );
}

/** `GET /cart`, or the service that was entered where nothing is told of HTTP. */
function requestText(row: Row): string {
  if (!row.http_url) return row.entry?.name ?? '';
  const path = /^[a-z]+:\/\/[^/]+(\/.*)?$/i.exec(row.http_url);
  return [row.http_method, path ? path[1] || row.http_url : row.http_url].filter(Boolean).join(' ');
}

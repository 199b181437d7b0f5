import Box from '@cloudscape-design/components/box';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { InnerLink } from '@/components/InnerLink';
import { visible } from '@/model/format';
import { useLabFunctions } from '@/query/useLab';
import { LabTrouble } from './LabTrouble';
import { functionUrl } from './url';
import './lab.css';

/** Every function. */
export function Functions() {
  const { t } = useTranslation('lab');
  const { t: shell } = useTranslation();
  const { data, error, isPending, refetch } = useLabFunctions();
  return (
    <ContentLayout
      header={
        <Header variant="h1" description={t('functionsWhat')}>
          {t('functions')}
        </Header>
      }
    >
      {error ? (
        <LabTrouble trouble={error} onRetry={() => void refetch()} />
      ) : (
        <Table<Schemas['LabFunction']>
          variant="container"
          items={data?.functions ?? []}
          loading={isPending}
          loadingText={shell('loading')}
          trackBy="name"
          wrapLines
          header={<Header counter={data ? `(${data.functions.length})` : ''}>{t('functions')}</Header>}
          columnDefinitions={[
            {
              id: 'name',
              header: t('name'),
              isRowHeader: true,
              minWidth: 240,
              cell: ({ name }) => (
                <InnerLink to={functionUrl(name)}>
                  <span className="text-as-sent">{visible(name)}</span>
                </InnerLink>
              ),
            },
            { id: 'runtime', header: t('runtime'), cell: ({ runtime }) => visible(runtime) },
            {
              id: 'handler',
              header: t('handler'),
              cell: ({ handler }) => <span className="code text-as-sent">{visible(handler)}</span>,
            },
            {
              id: 'memory',
              header: <div className="lab-number">{t('memory')}</div>,
              cell: ({ memory_mb }) => <div className="lab-number">{memory_mb} MB</div>,
            },
            {
              id: 'timeout',
              header: <div className="lab-number">{t('timeout')}</div>,
              cell: ({ timeout_s }) => <div className="lab-number">{timeout_s} s</div>,
            },
            { id: 'tracing', header: t('tracing'), minWidth: 130, cell: ({ tracing }) => <Tracing mode={tracing} /> },
          ]}
          empty={<Box color="text-body-secondary">{t('noFunctions')}</Box>}
        />
      )}
    </ContentLayout>
  );
}

/** Whether active tracing is on. */
export function Tracing(props: { mode: string }) {
  const { t } = useTranslation('lab');
  const isOn = props.mode === 'Active';
  return (
    <StatusIndicator type={isOn ? 'success' : 'stopped'}>{isOn ? t('tracingOn') : t('tracingOff')}</StatusIndicator>
  );
}

import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { InnerLink } from '@/components/InnerLink';
import { visible } from '@/model/format';
import { useDeleteLogs, useLabLogGroups } from '@/query/useLab';
import { useNotices } from '@/stores/notices';
import { LabTrouble } from './LabTrouble';
import { functionUrl } from './url';

type LogGroup = Schemas['LabLogGroup'];

/** Every log group; those of deleted functions are told apart, since they are what is left to clean up. */
export function LogGroups() {
  const { t } = useTranslation('lab');
  const { t: shell } = useTranslation();
  const { data, error, isPending, refetch } = useLabLogGroups();
  const [leaving, setLeaving] = useState<LogGroup | null>(null);
  return (
    <ContentLayout
      header={
        <Header variant="h1" description={t('logGroupsWhat')}>
          {t('logGroups')}
        </Header>
      }
    >
      {error ? (
        <LabTrouble trouble={error} onRetry={() => void refetch()} />
      ) : (
        <Table<LogGroup>
          variant="container"
          items={data?.groups ?? []}
          loading={isPending}
          loadingText={shell('loading')}
          trackBy="name"
          wrapLines
          header={<Header counter={data ? `(${data.groups.length})` : ''}>{t('logGroups')}</Header>}
          columnDefinitions={[
            {
              id: 'name',
              header: t('name'),
              isRowHeader: true,
              minWidth: 300,
              cell: (group) => (
                <InnerLink to={functionUrl(group.function, 'logs')}>
                  <span className="text-as-sent">{visible(group.name)}</span>
                </InnerLink>
              ),
            },
            {
              id: 'function',
              header: t('functionIs'),
              minWidth: 130,
              cell: ({ exists }) => (
                <StatusIndicator type={exists ? 'success' : 'stopped'}>
                  {exists ? t('functionThere') : t('functionGone')}
                </StatusIndicator>
              ),
            },
            {
              id: 'actions',
              header: t('delete'),
              minWidth: 170,
              cell: (group) => (
                <Button ariaLabel={`${t('deleteLogs')}: ${visible(group.name)}`} onClick={() => setLeaving(group)}>
                  {t('deleteLogs')}
                </Button>
              ),
            },
          ]}
          empty={<Box color="text-body-secondary">{t('noLogGroups')}</Box>}
        />
      )}
      {leaving && <DeleteLogs group={leaving} onClose={() => setLeaving(null)} />}
    </ContentLayout>
  );
}

function DeleteLogs(props: { group: LogGroup; onClose(): void }) {
  const { t } = useTranslation('lab');
  const tell = useNotices((notices) => notices.tell);
  const remove = useDeleteLogs();
  const { group, onClose } = props;
  const confirm = () =>
    remove.mutate(
      { name: group.function },
      {
        onSuccess: () => {
          tell('success', t('logsDeleted', { name: group.name }));
          onClose();
        },
      },
    );
  return (
    <Modal
      visible
      header={<span className="text-as-sent">{t('deleteLogsTitle', { name: visible(group.name) })}</span>}
      onDismiss={onClose}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onClose}>
              {t('cancel')}
            </Button>
            <Button variant="primary" loading={remove.isPending} onClick={confirm}>
              {t('delete')}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <span>{t('deleteLogsWhat')}</span>
        {remove.error && <LabTrouble trouble={remove.error} onRetry={confirm} />}
      </SpaceBetween>
    </Modal>
  );
}

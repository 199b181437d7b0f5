import Box from '@cloudscape-design/components/box';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { CodeSnippet } from '@/components/CodeSnippet';
import { InnerLink } from '@/components/InnerLink';
import { formatInstant, visible } from '@/model/format';
import { DEPLOY_COMMAND } from '@/model/labCommand';
import { useLabStacks } from '@/query/useLab';
import { LabTrouble } from './LabTrouble';
import { indicatorOf } from './stackStatus';
import { stackUrl } from './url';

/** Every stack. */
export function Stacks() {
  const { t, i18n } = useTranslation('lab');
  const { t: shell } = useTranslation();
  const { data, error, isPending, refetch } = useLabStacks();
  return (
    <ContentLayout
      header={
        <Header variant="h1" description={t('stacksWhat')}>
          {t('stacks')}
        </Header>
      }
    >
      {error ? (
        <LabTrouble trouble={error} onRetry={() => void refetch()} />
      ) : (
        <Table<Schemas['LabStack']>
          variant="container"
          items={data?.stacks ?? []}
          loading={isPending}
          loadingText={shell('loading')}
          trackBy="name"
          wrapLines
          header={<Header counter={data ? `(${data.stacks.length})` : ''}>{t('stacks')}</Header>}
          columnDefinitions={[
            {
              id: 'name',
              header: t('name'),
              isRowHeader: true,
              cell: ({ name }) => (
                <InnerLink to={stackUrl(name)}>
                  <span className="text-as-sent">{visible(name)}</span>
                </InnerLink>
              ),
            },
            {
              id: 'status',
              header: t('status'),
              minWidth: 190,
              cell: ({ status }) => <StatusIndicator type={indicatorOf(status)}>{visible(status)}</StatusIndicator>,
            },
            {
              id: 'created',
              header: t('created'),
              minWidth: 190,
              cell: ({ created }) => formatInstant(Date.parse(created) / 1000, i18n.language),
            },
            {
              id: 'description',
              header: t('description'),
              cell: ({ description }) => <span className="text-as-sent">{visible(description ?? '')}</span>,
            },
          ]}
          empty={
            <SpaceBetween size="s">
              <Box>
                {t('noStacks')} {t('noStacksWhat')}
              </Box>
              <CodeSnippet label={t('deployCommand')} text={DEPLOY_COMMAND} />
            </SpaceBetween>
          }
        />
      )}
    </ContentLayout>
  );
}

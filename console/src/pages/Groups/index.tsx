import { useCollection } from '@cloudscape-design/collection-hooks';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import ContentLayout from '@cloudscape-design/components/content-layout';
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { Schemas } from '@/api/client';
import { InnerLink } from '@/components/InnerLink';
import { TroubleAlert } from '@/components/TroubleAlert';
import { visible } from '@/model/format';
import { DEFAULT_SCOPE } from '@/model/scope';
import { analyticsUrl } from '@/pages/Analytics/url';
import { mapUrl } from '@/pages/ServiceMap/url';
import { tracesUrl } from '@/pages/Traces/url';
import { useGroups } from '@/query/useGroups';
import { useInsightSwitches } from '@/query/useInsightSwitches';
import { useWatches } from '@/query/useInsights';
import { DeleteGroup } from './DeleteGroup';
import { GroupForm } from './GroupForm';
import { InsightSwitch } from './InsightSwitch';
import { useOpenForm } from './url';

type Group = Schemas['GroupShape'];

/** Named filter expressions: listed, made, changed and deleted. */
export default function Groups() {
  const { t } = useTranslation('groups');
  const { t: shell } = useTranslation();
  const navigate = useNavigate();
  const groups = useGroups();
  const watches = useWatches();
  const switches = useInsightSwitches();
  const watchOf = (group: Group) => watches.data?.watches.find((watch) => watch.group === group.name);
  const isUnheard =
    watches.data && !watches.data.has_webhook && watches.data.watches.some((watch) => watch.notifications);
  const [open, setOpen] = useOpenForm();
  const [leaving, setLeaving] = useState<Group | null>(null);
  const edited =
    open?.kind === 'edit'
      ? (groups.data?.groups.find((each) => each.name === open.name && !each.is_default) ?? null)
      : null;
  const { items, collectionProps, filterProps, filteredItemsCount } = useCollection(groups.data?.groups ?? [], {
    filtering: {
      empty: '',
      noMatch: <Box color="text-body-secondary">{t('noMatch')}</Box>,
      filteringFunction: ({ name, filter }, text) =>
        `${name}\n${filter ?? ''}`.toLowerCase().includes(text.toLowerCase()),
    },
    sorting: {},
  });
  const scopeOf = (group: Group) => ({ ...DEFAULT_SCOPE, group: group.is_default ? '' : group.name });
  const act = (action: string, group: Group) => {
    if (action === 'edit') setOpen({ kind: 'edit', name: group.name });
    if (action === 'remove') setLeaving(group);
    if (action === 'analyze') navigate(analyticsUrl(scopeOf(group)));
    if (action === 'traces') navigate(tracesUrl(scopeOf(group)));
  };
  return (
    <ContentLayout
      header={
        <Header variant="h1" description={t('what')}>
          {t('title')}
        </Header>
      }
    >
      <SpaceBetween size="l">
        <TroubleAlert trouble={groups.error} onRetry={() => void groups.refetch()} />
        <TroubleAlert trouble={watches.error} onRetry={() => void watches.refetch()} />
        <TroubleAlert trouble={switches.error} />
        {isUnheard && (
          <Alert type="warning" header={t('noWebhook')}>
            {t('noWebhookWhat')}
          </Alert>
        )}
        <Table<Group>
          {...collectionProps}
          variant="container"
          items={items}
          loading={groups.isPending}
          loadingText={shell('loading')}
          trackBy="name"
          wrapLines
          filter={
            <TextFilter
              {...filterProps}
              filteringPlaceholder={t('find')}
              filteringAriaLabel={t('find')}
              countText={t('matches', { count: filteredItemsCount ?? 0 })}
            />
          }
          header={
            <Header
              variant="h2"
              description={t('insightsWhat')}
              counter={groups.data ? `(${groups.data.groups.length})` : ''}
              actions={
                <Button variant="primary" onClick={() => setOpen({ kind: 'create', filter: '' })}>
                  {t('create')}
                </Button>
              }
            >
              {t('title')}
            </Header>
          }
          columnDefinitions={[
            {
              id: 'name',
              header: t('name'),
              isRowHeader: true,
              sortingField: 'name',
              minWidth: 130,
              cell: (group) => (
                <InnerLink to={mapUrl(scopeOf(group))} label={`${group.name}: ${t('viewMap')}`}>
                  {visible(group.name)}
                </InnerLink>
              ),
            },
            {
              id: 'filter',
              header: t('filter'),
              minWidth: 220,
              cell: ({ filter }) =>
                filter === null ? (
                  <Box color="text-body-secondary">
                    {t('filterNone')}. {t('defaultWhat')}
                  </Box>
                ) : (
                  <span className="code text-as-sent">{visible(filter)}</span>
                ),
            },
            {
              id: 'insights',
              header: t('insights'),
              minWidth: 110,
              cell: (group) => <InsightSwitch of="insights" watch={watchOf(group)} change={switches} />,
            },
            {
              id: 'notifications',
              header: t('notifications'),
              minWidth: 130,
              cell: (group) => <InsightSwitch of="notifications" watch={watchOf(group)} change={switches} />,
            },
            {
              id: 'arn',
              header: t('arn'),
              minWidth: 200,
              cell: ({ arn }) => (
                <CopyToClipboard
                  variant="inline"
                  textToCopy={arn}
                  textToDisplay={visible(arn)}
                  copyButtonAriaLabel={`${shell('copy')}: ${t('arn')}`}
                  copySuccessText={shell('copied')}
                  copyErrorText={shell('copyFailed')}
                />
              ),
            },
            {
              id: 'actions',
              header: t('actions'),
              width: 110,
              cell: (group) => (
                <ButtonDropdown
                  variant="inline-icon"
                  expandToViewport
                  ariaLabel={t('actionsOf', { name: group.name })}
                  items={[
                    { id: 'edit', text: t('edit'), disabled: group.is_default },
                    { id: 'remove', text: t('remove'), disabled: group.is_default },
                    { id: 'traces', text: t('viewTraces') },
                    { id: 'analyze', text: t('analyze') },
                  ]}
                  onItemClick={({ detail }) => act(detail.id, group)}
                />
              ),
            },
          ]}
        />
      </SpaceBetween>
      {open?.kind === 'create' && <GroupForm group={null} filter={open.filter} onClose={() => setOpen(null)} />}
      {edited && <GroupForm key={edited.name} group={edited} filter="" onClose={() => setOpen(null)} />}
      {leaving && <DeleteGroup group={leaving} onClose={() => setLeaving(null)} />}
    </ContentLayout>
  );
}

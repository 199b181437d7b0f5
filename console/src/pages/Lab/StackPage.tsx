import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Tabs from '@cloudscape-design/components/tabs';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import type { Schemas } from '@/api/client';
import { PageLoading } from '@/components/PageLoading';
import { formatInstant, visible } from '@/model/format';
import { useLabEvents, useLabStacks } from '@/query/useLab';
import { useNotices } from '@/stores/notices';
import { DeleteStack } from './DeleteStack';
import { LabCrumbs } from './LabCrumbs';
import { LabTrouble } from './LabTrouble';
import { PairTable } from './PairTable';
import { StackEvents } from './StackEvents';
import { StackOutputs } from './StackOutputs';
import { StackResources } from './StackResources';
import { indicatorOf } from './stackStatus';
import { LAB_STACKS, STACK_TABS, type StackTab, stackUrl, tabFrom } from './url';

/** One stack: how it is, what happens to it and what it is made of. */
export function StackPage() {
  const { t } = useTranslation('lab');
  const { name = '' } = useParams();
  const navigate = useNavigate();
  const tell = useNotices((notices) => notices.tell);
  const stacks = useLabStacks();
  const events = useLabEvents(name);
  const [isLeaving, setLeaving] = useState(false);
  const wasDeleting = useRef(false);
  const stack = stacks.data?.stacks.find((each) => each.name === name);
  const status = events.data?.status ?? stack?.status ?? '';

  // What is deleted is there no more; until then its events tell how it goes.
  useEffect(() => {
    if (status.startsWith('DELETE')) wasDeleting.current = true;
    if (wasDeleting.current && (status === 'DELETE_COMPLETE' || events.error?.code === 'not_found')) {
      wasDeleting.current = false;
      tell('success', t('deleted', { name }));
      navigate(LAB_STACKS, { replace: true });
    }
  }, [status, events.error, name, navigate, tell, t]);

  const trouble = stacks.error ?? (stack ? null : events.error);
  return (
    <ContentLayout
      breadcrumbs={<LabCrumbs list={t('stacks')} listUrl={LAB_STACKS} name={name} />}
      header={
        <Header
          variant="h1"
          actions={
            <Button disabled={!stack || status.startsWith('DELETE_IN')} onClick={() => setLeaving(true)}>
              {t('deleteStack')}
            </Button>
          }
        >
          <span className="text-as-sent">{visible(name)}</span>
        </Header>
      }
    >
      {trouble ? (
        <LabTrouble trouble={trouble} onRetry={() => void stacks.refetch()} />
      ) : stack ? (
        <SpaceBetween size="l">
          <Overview stack={stack} status={status} />
          <Parts stack={stack} events={events.data} />
        </SpaceBetween>
      ) : (
        <PageLoading />
      )}
      {isLeaving && (
        <DeleteStack
          name={name}
          onClose={() => setLeaving(false)}
          onDeleting={() => {
            wasDeleting.current = true;
            navigate(stackUrl(name, 'events'), { replace: true });
          }}
        />
      )}
    </ContentLayout>
  );
}

function Overview(props: { stack: Schemas['LabStack']; status: string }) {
  const { t, i18n } = useTranslation('lab');
  const { stack, status } = props;
  return (
    <Container>
      <KeyValuePairs
        columns={3}
        items={[
          {
            label: t('status'),
            value: <StatusIndicator type={indicatorOf(status)}>{visible(status)}</StatusIndicator>,
          },
          { label: t('created'), value: formatInstant(Date.parse(stack.created) / 1000, i18n.language) },
          ...(stack.reason ? [{ label: t('reason'), value: visible(stack.reason) }] : []),
          { label: t('description'), value: visible(stack.description ?? '') || '–' },
          { label: t('stackId'), value: <span className="text-as-sent">{visible(stack.id)}</span> },
        ]}
      />
    </Container>
  );
}

function Parts(props: { stack: Schemas['LabStack']; events: Schemas['LabEventsAnswer'] | undefined }) {
  const { t } = useTranslation('lab');
  const [query, setQuery] = useSearchParams();
  const { stack, events } = props;
  const contents: Record<StackTab, ReactNode> = {
    events: <StackEvents answer={events} />,
    resources: <StackResources resources={stack.resources} />,
    outputs: <StackOutputs outputs={stack.outputs} />,
    parameters: <PairTable pairs={stack.parameters} label={t('parameters')} />,
    tags: <PairTable pairs={stack.tags} label={t('tags')} />,
  };
  return (
    <Tabs
      variant="container"
      activeTabId={tabFrom(query, STACK_TABS)}
      onChange={({ detail }) => setQuery({ tab: detail.activeTabId }, { replace: true })}
      tabs={STACK_TABS.map((id) => ({ id, label: t(id), content: contents[id] }))}
    />
  );
}

import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Tabs, { type TabsProps } from '@cloudscape-design/components/tabs';
import { lazy, type ReactNode, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { PageLoading } from '@/components/PageLoading';
import { TroubleAlert } from '@/components/TroubleAlert';
import { visible } from '@/model/format';
import type { Scope } from '@/model/scope';
import { isSet, SpanFlag, type TraceTree } from '@/model/traceTree';
import { useSpan } from '@/query/useTrace';
import { AnnotationsTab } from './AnnotationsTab';
import { ExceptionsTab } from './ExceptionsTab';
import { OverviewTab } from './OverviewTab';
import { ResourcesTab } from './ResourcesTab';
import { SqlTab } from './SqlTab';
import { serviceClass } from './serviceClass';
import { TABS, type Tab } from './url';

const MetadataTab = lazy(() => import('./MetadataTab'));
const RawTab = lazy(() => import('./RawTab'));

/** Everything about one span. */
export function SpanPanel(props: {
  traceId: string;
  traceStart: number;
  tree: TraceTree;
  position: number;
  tab: Tab;
  scope: Scope;
  onTab(tab: Tab): void;
  onClose(): void;
}) {
  const { t } = useTranslation('trace');
  const { tree, position } = props;
  const flags = tree.flags[position] ?? 0;
  const id = tree.ids[position] ?? '';
  const span = useSpan(props.traceId, id, isSet(flags, SpanFlag.inProgress));
  const name = visible(tree.names[tree.name[position] ?? -1] ?? '') || t('unnamed');
  const service = tree.services[tree.service[position] ?? -1];
  return (
    <section
      className={`tl-panel ${serviceClass(tree.service[position])}`}
      aria-label={t('panelOf', { name })}
      onKeyDown={(event) => {
        if (event.key === 'Escape') props.onClose();
      }}
    >
      <div className="tl-panel-head">
        <Header
          variant="h3"
          headingTagOverride="h2"
          description={service && <span className="text-as-sent">{serviceText(service)}</span>}
          actions={<Button variant="icon" iconName="close" ariaLabel={t('closePanel')} onClick={props.onClose} />}
        >
          <span className="text-as-sent">{name.slice(0, 300)}</span>
        </Header>
      </div>
      <div className="tl-panel-body">
        {span.error && !span.data ? (
          <TroubleAlert trouble={span.error} onRetry={() => void span.refetch()} />
        ) : span.data ? (
          <div className={span.data.id === id ? undefined : 'tl-waiting'} aria-busy={span.data.id !== id}>
            <SpanTabs {...props} span={span.data} />
          </div>
        ) : (
          <PageLoading />
        )}
      </div>
    </section>
  );
}

/** A service as people say it: `orders · AWS::Lambda`. */
export function serviceText(service: Schemas['ServiceShape']): string {
  return [service.name, service.type].filter(Boolean).map(visible).join(' · ');
}

function SpanTabs(props: Parameters<typeof SpanPanel>[0] & { span: Schemas['SpanAnswer'] }) {
  const { t } = useTranslation('trace');
  const { span, tree } = props;
  // Right after another span was chosen the one before is still shown: its place in the tree is its own.
  const position = tree.ids[props.position] === span.id ? props.position : tree.ids.indexOf(span.id);
  const content: Record<Tab, [count: number | null, node: ReactNode]> = {
    overview: [
      null,
      <OverviewTab key={span.id} span={span} tree={tree} position={position} traceStart={props.traceStart} />,
    ],
    resources: [
      Object.keys(span.aws).length + (span.resource_arn ? 1 : 0) + (hasOrigin(span) ? 1 : 0),
      <ResourcesTab key={span.id} span={span} />,
    ],
    annotations: [
      Object.keys(span.annotations).length,
      <AnnotationsTab key={span.id} span={span} scope={props.scope} traceStart={props.traceStart} />,
    ],
    metadata: [Object.keys(span.metadata).length, <MetadataTab key={span.id} metadata={span.metadata} />],
    exceptions: [span.exceptions.length, <ExceptionsTab key={span.id} span={span} />],
    sql: [Object.keys(span.sql).length, <SqlTab key={span.id} sql={span.sql} />],
    raw: [null, <RawTab key={span.id} value={span.document} fileName={`${span.trace_id}.${span.id}.json`} />],
  };
  const isEnabled = (tab: Tab) => tab === 'annotations' || tab === 'metadata' || content[tab][0] !== 0;
  const tabs: TabsProps.Tab[] = TABS.map((tab) => {
    const [count, node] = content[tab];
    const showsCount = count && tab !== 'resources' && tab !== 'sql';
    return {
      id: tab,
      label: showsCount ? t('tabCount', { tab: t(TAB_TEXT[tab]), count }) : t(TAB_TEXT[tab]),
      disabled: !isEnabled(tab),
      disabledReason: t('tabEmpty'),
      content: <Suspense fallback={<PageLoading />}>{node}</Suspense>,
    };
  });
  return (
    <Tabs
      tabs={tabs}
      ariaLabel={t('panelTabs')}
      activeTabId={isEnabled(props.tab) ? props.tab : 'overview'}
      onChange={({ detail }) => props.onTab(TABS.find((tab) => tab === detail.activeTabId) ?? 'overview')}
    />
  );
}

const TAB_TEXT = {
  overview: 'tabOverview',
  resources: 'tabResources',
  annotations: 'tabAnnotations',
  metadata: 'tabMetadata',
  exceptions: 'tabExceptions',
  sql: 'tabSql',
  raw: 'tabRaw',
} as const satisfies Record<Tab, string>;

function hasOrigin(span: Schemas['SpanAnswer']): boolean {
  return ['origin', 'resource_arn', 'service'].some((name) => name in span.document);
}

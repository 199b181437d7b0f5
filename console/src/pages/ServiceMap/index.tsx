import './page.css';
import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useCallback, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { FilterBar } from '@/components/FilterBar';
import { PageLoading } from '@/components/PageLoading';
import { ScopeBar } from '@/components/ScopeBar';
import { TroubleAlert } from '@/components/TroubleAlert';
import { useScope } from '@/components/useScope';
import { neighbourhood } from '@/graph/neighbours';
import { type MapHandle, ServiceMapGraph } from '@/graph/ServiceMapGraph';
import type { MapSelection, Mark } from '@/graph/types';
import { useMapTexts } from '@/graph/useMapTexts';
import { type Insight, insightsOfNodes } from '@/model/insights';
import { traceIdOf } from '@/model/traceId';
import { traceUrl } from '@/pages/Trace/url';
import { useActiveInsights } from '@/query/useInsights';
import { useMap } from '@/query/useMap';
import { usePreferences } from '@/stores/preferences';
import { Details } from './Details';
import { EmptyMap } from './EmptyMap';
import { MapLists } from './MapLists';
import { matching } from './search';
import { Toolbar } from './Toolbar';
import { type MapPlace, placeFrom, withPlace } from './url';
import { useFillHeight } from './useFillHeight';

export default function ServiceMap() {
  const { t } = useTranslation('map');
  const navigate = useNavigate();
  const [scope, changeScope] = useScope();
  const [place, changePlace] = usePlace();
  const { data, error, isPlaceholderData, refetch } = useMap(scope);
  const body = useRef<HTMLDivElement>(null);
  useFillHeight(body);
  return (
    <div className="rl-map-page">
      <Header variant="h1" actions={<ScopeBar scope={scope} onChange={changeScope} />}>
        {t('title')}
      </Header>
      <FilterBar
        value={scope.filter}
        onApply={(filter) => {
          const traceId = traceIdOf(filter);
          if (traceId) navigate(traceUrl(traceId));
          else changeScope({ filter: filter.trim() });
        }}
        trouble={error}
      />
      {/* What is wrong with the filter is told once, at the filter. */}
      {!error?.place && <TroubleAlert trouble={error} onRetry={() => void refetch()} />}
      {data?.contains_old_group_versions && (
        <Alert type="info" header={t('oldGroup')}>
          {t('oldGroupWhat')}
        </Alert>
      )}
      <div className="rl-map-body" ref={body}>
        {data && data.nodes.length > 0 ? (
          <Content
            data={data}
            isOld={isPlaceholderData && !error}
            place={place}
            onPlace={changePlace}
            scope={scope}
            onScope={changeScope}
          />
        ) : data ? (
          <EmptyMap scope={scope} onChange={changeScope} />
        ) : (
          !error && <PageLoading />
        )}
      </div>
    </div>
  );
}

function Content(props: {
  data: NonNullable<ReturnType<typeof useMap>['data']>;
  /** Whether what is shown is still that of the question before */
  isOld: boolean;
  place: MapPlace;
  onPlace(change: Partial<MapPlace>): void;
  scope: ReturnType<typeof useScope>[0];
  onScope: ReturnType<typeof useScope>[1];
}) {
  const { t } = useTranslation(['map', 'shell']);
  const texts = useMapTexts();
  const { data, place, onPlace } = props;
  const { selection, view, focus } = place;
  const nodeSize = usePreferences((preferences) => preferences.nodeSize);
  const [search, setSearch] = useState('');
  const map = useRef<MapHandle>(null);

  const { nodes, edges } = useMemo(() => {
    if (focus === null || !data.nodes.some((node) => node.key === focus)) return data;
    const near = neighbourhood(focus, data.edges);
    return {
      nodes: data.nodes.filter((node) => near.has(node.key)),
      edges: data.edges.filter((edge) => edge.source === focus || edge.target === focus),
    };
  }, [data, focus]);
  const focused = data.nodes.find((node) => node.key === focus);
  const matches = useMemo(() => matching(search, nodes, texts), [search, nodes, texts]);
  const seconds = data.set.end - data.set.start;
  const active = useActiveInsights(props.scope.group).data?.insights;
  const insights = useMemo(() => insightsOfNodes(active ?? [], data.set.end), [active, data.set.end]);
  const marks = useMemo(() => {
    const mark = (key: string, of: readonly Insight[]): Mark =>
      of.some(({ root_cause }) => root_cause.entity.node_key === key)
        ? { kind: 'cause', text: t('rootCause') }
        : { kind: 'insight', text: t('shell:insight') };
    return { nodes: new Map([...insights].map(([key, of]) => [key, mark(key, of)])), edges: new Map<string, Mark>() };
  }, [insights, t]);
  const onSelect = useCallback((chosen: MapSelection | null) => onPlace({ selection: chosen }), [onPlace]);
  const { group, filter } = data.set;

  return (
    <>
      <Toolbar
        search={search}
        onSearch={setSearch}
        onFind={() => map.current?.centre([...(matches ?? [])])}
        found={matches?.size ?? null}
        view={view}
        onView={(chosen) => onPlace({ view: chosen })}
      />
      {focus !== null && (
        <div className="rl-map-focus">
          <Box>{focused ? t('focusOn', { name: texts.name(focused) }) : t('focusGone')}</Box>
          <Button variant="inline-link" onClick={() => onPlace({ focus: null })}>
            {t('showAll')}
          </Button>
        </div>
      )}
      <div className="rl-map-split" data-open={selection ? '' : undefined}>
        <div className="rl-map-main" data-view={view}>
          {props.isOld && (
            <div className="rl-map-renewing">
              <StatusIndicator type="loading">{t('renewing')}</StatusIndicator>
            </div>
          )}
          {view === 'map' ? (
            <ServiceMapGraph
              ref={map}
              nodes={nodes}
              edges={edges}
              selection={selection}
              onSelect={onSelect}
              size={nodeSize}
              seconds={seconds}
              matches={matches}
              marks={marks}
              arrangement={JSON.stringify([data.lambda_view, group, filter, focused?.key])}
            />
          ) : (
            <MapLists
              nodes={nodes}
              edges={edges}
              seconds={seconds}
              matches={matches}
              marks={marks.nodes}
              selection={selection}
              onSelect={onSelect}
            />
          )}
        </div>
        {selection && (
          <aside
            className="rl-map-details"
            aria-label={t('details')}
            onKeyDown={(event) => event.key === 'Escape' && onSelect(null)}
          >
            <Details
              scope={props.scope}
              onScope={props.onScope}
              nodes={data.nodes}
              edges={data.edges}
              insights={insights}
              seconds={seconds}
              selection={selection}
              onSelect={onSelect}
              focus={focus}
              onFocus={(key) => onPlace({ focus: key, view: 'map' })}
            />
          </aside>
        )}
      </div>
    </>
  );
}

/** What the address says besides the scope, and a way to change it; selecting leaves no trail to go back through. */
function usePlace(): [MapPlace, (change: Partial<MapPlace>) => void] {
  const [query, setQuery] = useSearchParams();
  const place = useMemo(() => placeFrom(query), [query]);
  const change = useCallback(
    (values: Partial<MapPlace>) =>
      setQuery((before) => withPlace(before, { ...placeFrom(before), ...values }), { replace: !('focus' in values) }),
    [setQuery],
  );
  return [place, change];
}

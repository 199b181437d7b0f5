import Container from '@cloudscape-design/components/container';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Token from '@cloudscape-design/components/token';
import { lazy, Suspense, useCallback, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import type { Schemas, Trouble } from '@/api/client';
import { ErrorBoundary } from '@/components/ErrorBoundary';
import { PageLoading } from '@/components/PageLoading';
import { TroubleAlert } from '@/components/TroubleAlert';
import { visible } from '@/model/format';
import { spansOfNode } from '@/model/nodeSpans';
import { type Scope, scopeFrom } from '@/model/scope';
import { positionOf, traceTreeOf } from '@/model/traceTree';
import { useTraceMap } from '@/query/useMap';
import { SETTLES_S } from '@/query/useTrace';
import { useTraceView } from '@/stores/traceView';
import { SpanPanel } from './SpanPanel';
import { Timeline } from './Timeline';
import { TraceHeader } from './TraceHeader';
import { type TraceState, traceQuery, traceStateFrom } from './url';
import { useWidth } from './useWidth';

const RawTrace = lazy(() => import('./RawTrace'));
const TraceMap = lazy(() => import('./TraceMap'));

/** Less room than this and the panel of a span stands below the timeline. */
const BESIDE_PX = 1180;
/** On lower screens the timeline would begin below the fold: there the map waits to be opened. */
const ROOM_FOR_MAP_PX = 1000;
const HALF_HOUR_S = 1800;

/** One trace: its facts, its map, its timeline and one of its spans. */
export function TraceView(props: { timeline: Schemas['TimelineAnswer']; trouble: Trouble | null }) {
  const { t } = useTranslation('trace');
  const { timeline } = props;
  const tree = useMemo(() => traceTreeOf(timeline), [timeline]);
  const [query, setQuery] = useSearchParams();
  const state = useMemo(() => traceStateFrom(query), [query]);
  const scope = useMemo(() => scopeAround(query, timeline.start), [query, timeline.start]);
  const bench = useRef<HTMLDivElement>(null);
  const grid = useRef<HTMLDivElement>(null);
  const width = useWidth(bench);

  const latest = useRef(query);
  latest.current = query;
  const change = useCallback(
    (values: Partial<TraceState>, isStep = false) => {
      // Several may change before the address has.
      latest.current = traceQuery(latest.current, { ...traceStateFrom(latest.current), ...values });
      setQuery(latest.current, { replace: !isStep });
    },
    [setQuery],
  );

  const openSpan = useMemo(() => (state.span ? positionOf(tree, state.span) : -1), [tree, state.span]);
  const isOpen = openSpan >= 0;
  const { isMapOpen, change: changeView } = useTraceView();
  const showsMap = isMapOpen ?? window.innerHeight >= ROOM_FOR_MAP_PX;
  const map = useTraceMap(timeline.trace_id, showsMap || state.node !== null).data;
  const lit = useMemo(() => (state.node && map ? spansOfNode(tree, map, state.node) : null), [tree, map, state.node]);
  const nodeName = map?.nodes.find((node) => node.key === state.node)?.name ?? state.node ?? '';
  const isBelow = width > 0 && width < BESIDE_PX;
  const isRaw = state.tab === 'raw' && !state.span;
  const isRefreshing = timeline.is_partial && Date.now() / 1000 - timeline.start < SETTLES_S;
  const close = () => {
    change({ span: null, tab: 'overview' });
    grid.current?.focus();
  };
  const views = (
    <SegmentedControl
      label={t('view')}
      selectedId={isRaw ? 'raw' : 'timeline'}
      options={[
        { id: 'timeline', text: t('viewTimeline') },
        { id: 'raw', text: t('viewRaw') },
      ]}
      onChange={({ detail }) => change({ span: null, tab: detail.selectedId === 'raw' ? 'raw' : 'overview' }, true)}
    />
  );
  return (
    <SpaceBetween size="m">
      <TroubleAlert trouble={props.trouble} />
      <TraceHeader timeline={timeline} tree={tree} isRefreshing={isRefreshing} actions={views} />
      <ExpandableSection
        headerText={t('traceMap')}
        expanded={showsMap}
        onChange={({ detail }) => changeView({ isMapOpen: detail.expanded })}
      >
        {showsMap && (
          <div className="tl-map">
            {/* What a map cannot draw leaves the timeline as it is. */}
            <ErrorBoundary place={timeline.trace_id}>
              <Suspense fallback={<PageLoading />}>
                <TraceMap traceId={timeline.trace_id} node={state.node} onNode={(node) => change({ node })} />
              </Suspense>
            </ErrorBoundary>
          </div>
        )}
      </ExpandableSection>
      {isRaw ? (
        <Container>
          <Suspense fallback={<PageLoading />}>
            <RawTrace traceId={timeline.trace_id} />
          </Suspense>
        </Container>
      ) : (
        <div
          ref={bench}
          className={['tl-bench', isBelow && 'tl-bench-below', isOpen && 'tl-bench-open'].filter(Boolean).join(' ')}
        >
          <div className="tl-main">
            {lit && (
              <div className="tl-node">
                <Token
                  variant="inline"
                  label={t('onlyNode', { name: visible(nodeName) })}
                  dismissLabel={t('showAllNodes')}
                  onDismiss={() => change({ node: null })}
                />{' '}
                {!lit.includes(1) && <span className="json-faint">{t('noNodeSpans')}</span>}
              </div>
            )}
            <Timeline
              tree={tree}
              state={state}
              openSpan={openSpan}
              lit={lit}
              gridRef={grid}
              onState={change}
              onOpen={(position) => {
                const span = tree.ids[position] ?? null;
                change({ span, tab: state.span ? state.tab : 'overview' }, !state.span);
              }}
              onClose={close}
            />
          </div>
          {isOpen && (
            <div className="tl-side">
              <SpanPanel
                traceId={timeline.trace_id}
                traceStart={timeline.start}
                tree={tree}
                position={openSpan}
                tab={state.tab}
                scope={scope}
                onTab={(tab) => change({ tab })}
                onClose={close}
              />
            </div>
          )}
        </div>
      )}
    </SpaceBetween>
  );
}

/** What a list of other traces looks at: the address' own time range, or else one that has this trace in it. */
function scopeAround(query: URLSearchParams, start: number): Scope {
  const scope = scopeFrom(query);
  if (query.has('timeRange') || Date.now() / 1000 - start < HALF_HOUR_S) return scope;
  return {
    ...scope,
    range: { kind: 'between', start: Math.floor(start) - HALF_HOUR_S, end: Math.ceil(start) + HALF_HOUR_S },
  };
}

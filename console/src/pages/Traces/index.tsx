import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import type { HeatMapSelection } from '@/components/charts/HeatMap';
import { FilterBar } from '@/components/FilterBar';
import { ScopeBar } from '@/components/ScopeBar';
import { TroubleAlert } from '@/components/TroubleAlert';
import { withResponseTimes } from '@/model/responseTimeRange';
import { bothOf, type Scope, scopeFrom, scopeQuery } from '@/model/scope';
import { traceIdOf } from '@/model/traceId';
import { askedScope } from '@/model/traceSets';
import { analyticsUrl } from '@/pages/Analytics/url';
import { compareTracesUrl } from '@/pages/CompareTraces/url';
import { traceUrl } from '@/pages/Trace/url';
import { useLiveTraces, useTraceList } from '@/query/useTraceList';
import { useSetOverview } from '@/query/useTraceSets';
import type { TraceRow } from './columns';
import { NoTraces } from './NoTraces';
import { Overview } from './Overview';
import { TraceTable } from './TraceTable';
import './traces.css';
import { type TracesView, viewFrom, viewQuery } from './url';
import { useNewIds, usePause } from './useLive';
import { useStable } from './useStable';

/** While the table follows new traces, the figures around it are renewed this often. */
const LIVE_FIGURES_S = 10;

export default function Traces() {
  const { t } = useTranslation('traces');
  const navigate = useNavigate();
  const { scope, view, change } = usePlace();
  const canBeLive = scope.range.kind === 'last';
  const isLive = view.isLive && canBeLive;
  const refreshS = isLive ? LIVE_FIGURES_S : undefined;
  const list = useRows(scope, view, isLive);
  const matches = useSetOverview(list.isAnswered ? askedScope(scope) : null, refreshS);
  const add = useStable((condition: string) => change({ scope: { filter: bothOf(scope.filter, condition) } }));
  const changeView = useStable((values: Partial<TracesView>) => change({ view: values }));
  const changeScope = useStable((values: Partial<Scope>) => change({ scope: values }));
  const compare = useStable((a: string, b: string) => void navigate(compareTracesUrl(a, b)));
  const analyze = useStable(() => void navigate(analyticsUrl(scope)));
  const isEmpty = list.table.rows.length === 0;
  const { trouble } = list;

  const apply = (filter: string) => {
    const traceId = traceIdOf(filter);
    if (traceId) navigate(traceUrl(traceId));
    else change({ scope: { filter: filter.trim() } });
  };
  const select = useStable(({ start, end, fromMs, toMs }: HeatMapSelection) => {
    change({
      scope: {
        range: { kind: 'between', start: Math.floor(start), end: Math.ceil(end) },
        filter: withResponseTimes(scope.filter, fromMs, toMs),
      },
    });
  });

  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description={t('what')}
          actions={<ScopeBar scope={scope} onChange={(values) => change({ scope: values })} />}
        >
          {t('title')}
        </Header>
      }
    >
      <SpaceBetween size="m">
        <FilterBar value={scope.filter} onApply={apply} trouble={trouble} />
        {trouble && !trouble.place && <TroubleAlert trouble={trouble} onRetry={list.retry} />}
        <Overview
          scope={scope}
          isOpen={view.isOverviewOpen}
          by={view.by}
          isReady={list.isAnswered}
          refreshS={refreshS}
          onOpen={(isOverviewOpen) => change({ view: { isOverviewOpen } })}
          onSelect={select}
          onBy={(by) => change({ view: { by } })}
          onAdd={add}
        />
        <div {...list.watch} className={list.isOld ? 'traces-list is-old' : 'traces-list'} aria-busy={list.isBusy}>
          <TraceTable
            {...list.table}
            view={view}
            onView={changeView}
            canBeLive={canBeLive}
            onCompare={compare}
            onAnalyze={analyze}
            answer={matches.data}
            onAdd={add}
            empty={isEmpty ? <NoTraces scope={scope} hasTrouble={trouble !== null} onScope={changeScope} /> : null}
          />
        </div>
      </SpaceBetween>
    </ContentLayout>
  );
}

/** What the address says, and a way to change it. */
function usePlace() {
  const [query, setQuery] = useSearchParams();
  const scope = useMemo(() => scopeFrom(query), [query]);
  // The same object while it says the same: the table is not drawn anew for another filter.
  const viewText = viewQuery(viewFrom(query)).toString();
  const view = useMemo(() => viewFrom(new URLSearchParams(viewText)), [viewText]);
  const change = useCallback(
    (values: { scope?: Partial<Scope>; view?: Partial<TracesView> }) =>
      setQuery(
        (before) =>
          new URLSearchParams([
            ...scopeQuery({ ...scopeFrom(before), ...values.scope }),
            ...viewQuery({ ...viewFrom(before), ...values.view }),
          ]),
        // How it is shown is no step to go back to; what is shown is.
        { replace: values.scope === undefined, preventScrollReset: true },
      ),
    [setQuery],
  );
  return { scope, view, change };
}

/** The rows to be shown: a page of the list, or the newest. */
function useRows(scope: Scope, view: TracesView, isLive: boolean) {
  const { t } = useTranslation('traces');
  const [selected, setSelected] = useState<TraceRow[]>([]);
  const pause = usePause(selected.length);
  const question = `${scopeQuery(scope)} ${view.order} ${view.size}`;
  const [place, setPlace] = useState({ question, page: 1 });
  const pages = useTraceList(scope, view.order, view.size, !isLive);
  const live = useLiveTraces(scope, view.size, isLive ? (pause.reason ? 'paused' : 'on') : 'off');

  const loaded = pages.data?.pages ?? [];
  const page = place.question === question ? Math.min(place.page, Math.max(loaded.length, 1)) : 1;
  const listed = loaded[page - 1]?.answer.traces;
  const rows = (isLive ? live.data?.traces : undefined) ?? listed ?? NO_ROWS;
  const current = isLive ? live : pages;
  const newIds = useNewIds(
    useMemo(() => rows.map((row) => row.id), [rows]),
    question,
    isLive,
  );
  const turn = useStable(async (wanted: number) => {
    if (wanted > loaded.length && pages.hasNextPage) await pages.fetchNextPage();
    setPlace({ question, page: wanted });
  });
  const liveText = !isLive ? '' : pause.reason ? t('livePaused', { why: t(pause.reason) }) : t('liveOn');
  return {
    trouble: current.error,
    // The first row is what people wait for: figures around the list are asked for once it is there.
    isAnswered: !current.isPlaceholderData && !current.isPending && !current.error?.place,
    isOld: current.isPlaceholderData,
    isBusy: current.isPlaceholderData || current.isPending,
    retry: () => void current.refetch(),
    watch: isLive ? pause.watch : {},
    table: {
      rows,
      isLoading: current.isPending && !rows.length,
      page,
      pages: Math.max(loaded.length, 1),
      // Of the pages that are shown, which may be those of the question before.
      hasMore: loaded.at(-1)?.answer.next != null,
      onPage: turn,
      selected,
      onSelect: setSelected,
      newIds,
      liveText,
    },
  };
}

const NO_ROWS: readonly TraceRow[] = [];

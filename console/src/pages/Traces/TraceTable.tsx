import Button from '@cloudscape-design/components/button';
import CollectionPreferences from '@cloudscape-design/components/collection-preferences';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import Toggle from '@cloudscape-design/components/toggle';
import { memo, type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { usePreferences } from '@/stores/preferences';
import { COLUMN_IDS, type ColumnId, columnsOf, type TraceRow, USUAL_COLUMNS } from './columns';
import { Matches } from './Matches';
import { PAGE_SIZES, type TracesView } from './url';

/** What the list can do besides showing its rows. */
export interface TraceTableProps {
  rows: readonly TraceRow[];
  isLoading: boolean;
  view: TracesView;
  onView(change: Partial<TracesView>): void;
  page: number;
  pages: number;
  hasMore: boolean;
  onPage(page: number): void;
  selected: readonly TraceRow[];
  onSelect(rows: TraceRow[]): void;
  onCompare(a: string, b: string): void;
  onAnalyze(): void;
  canBeLive: boolean;
  newIds: ReadonlySet<string>;
  liveText: string;
  /** How many match, and how they ended; undefined until it is known. */
  answer: Schemas['OverviewAnswer'] | undefined;
  onAdd(condition: string): void;
  empty: ReactNode;
}

const SORTED = { newest: 'start', oldest: 'start', slowest: 'responseTime', fastest: 'responseTime' } as const;

/** The traces as a table, its columns and order chosen by the reader. */
export const TraceTable = memo(function TraceTable(props: TraceTableProps) {
  const { rows, view, onView, selected, newIds } = props;
  const { t, i18n } = useTranslation('traces');
  const shown = useShownColumns();
  const longestMs = rows.reduce((longest, row) => Math.max(longest, row.response_time_ms ?? 0), 0);
  // Ages are those of the moment at which the rows came.
  const columns = useMemo(
    () => columnsOf({ t, language: i18n.language, nowMs: nowWith(rows), longestMs, isNew: (id) => newIds.has(id) }),
    [t, i18n.language, rows, longestMs, newIds],
  );
  const sorted = SORTED[view.order];
  return (
    <Table
      variant="container"
      contentDensity="compact"
      resizableColumns
      stickyHeader
      enableKeyboardNavigation
      items={rows}
      trackBy="id"
      loading={props.isLoading}
      loadingText={t('loading')}
      columnDefinitions={columns}
      columnDisplay={COLUMN_IDS.map((id) => ({ id, visible: shown.includes(id) })).sort(
        (a, b) => placeOf(shown, a.id) - placeOf(shown, b.id),
      )}
      sortingColumn={{ sortingField: sorted }}
      sortingDescending={view.order === 'newest' || view.order === 'slowest'}
      sortingDisabled={view.isLive}
      onSortingChange={({ detail }) => onView({ order: orderAfter(view.order, detail.sortingColumn.sortingField) })}
      selectionType="multi"
      selectedItems={selected}
      onSelectionChange={({ detail }) => props.onSelect(detail.selectedItems)}
      empty={props.empty}
      ariaLabels={{
        tableLabel: t('tableLabel'),
        selectionGroupLabel: t('selection'),
        allItemsSelectionLabel: () => t('selectAll'),
        itemSelectionLabel: (_, row) => t('selectOne', { id: row.id }),
      }}
      header={
        <Header
          variant="h2"
          actions={
            <SpaceBetween direction="horizontal" size="s" alignItems="center">
              <span role="status" className="traces-quiet">
                {props.liveText}
              </span>
              <span title={props.canBeLive ? undefined : t('liveNeedsLast')}>
                <Toggle
                  checked={view.isLive && props.canBeLive}
                  disabled={!props.canBeLive}
                  onChange={({ detail }) => onView({ isLive: detail.checked })}
                >
                  {t('live')}
                </Toggle>
              </span>
              <Button onClick={props.onAnalyze}>{t('analyze')}</Button>
              <CompareButton selected={selected} onCompare={props.onCompare} />
            </SpaceBetween>
          }
        >
          {t('tableLabel')}
        </Header>
      }
      filter={<Matches answer={props.answer} onAdd={props.onAdd} />}
      pagination={
        !view.isLive && (
          <Pagination
            currentPageIndex={props.page}
            pagesCount={props.pages}
            openEnd={props.hasMore}
            onChange={({ detail }) => props.onPage(detail.currentPageIndex)}
            ariaLabels={{
              nextPageLabel: t('nextPage'),
              previousPageLabel: t('previousPage'),
              pageLabel: (page) => t('page', { page }),
            }}
          />
        )
      }
      preferences={<Preferences shown={shown} size={view.size} onSize={(size) => onView({ size })} />}
    />
  );
});

function nowWith(_rows: readonly TraceRow[]): number {
  return Date.now();
}

/** Another column begins with the newest or the slowest; the same one turns around. */
function orderAfter(order: TracesView['order'], column: string | undefined): TracesView['order'] {
  if (column === 'responseTime') return order === 'slowest' ? 'fastest' : 'slowest';
  return order === 'newest' ? 'oldest' : 'newest';
}

function placeOf(shown: readonly ColumnId[], id: ColumnId): number {
  const place = shown.indexOf(id);
  return place < 0 ? shown.length + COLUMN_IDS.indexOf(id) : place;
}

function useShownColumns(): readonly ColumnId[] {
  const chosen = usePreferences((preferences) => preferences.traceColumns);
  return useMemo(() => {
    const known = (chosen ?? []).flatMap((id) => COLUMN_IDS.find((column) => column === id) ?? []);
    return known.length ? known : USUAL_COLUMNS;
  }, [chosen]);
}

function CompareButton(props: { selected: readonly TraceRow[]; onCompare(a: string, b: string): void }) {
  const { t } = useTranslation('traces');
  const [a, b, more] = props.selected;
  const isTwo = a !== undefined && b !== undefined && more === undefined;
  return (
    <Button
      disabled={!isTwo}
      {...(isTwo ? {} : { disabledReason: t('compareWhat') })}
      onClick={() => isTwo && props.onCompare(a.id, b.id)}
    >
      {t('compare')}
    </Button>
  );
}

function Preferences(props: {
  shown: readonly ColumnId[];
  size: TracesView['size'];
  onSize(size: TracesView['size']): void;
}) {
  const { shown, size, onSize } = props;
  const { t } = useTranslation('traces');
  const change = usePreferences((preferences) => preferences.change);
  const label = (id: ColumnId) => (id === 'start' ? t('start', { zone: '' }).replace(/ \(\)$/, '') : t(id));
  return (
    <CollectionPreferences
      title={t('preferences')}
      confirmLabel={t('confirm')}
      cancelLabel={t('cancel')}
      preferences={{
        pageSize: size,
        contentDisplay: [...COLUMN_IDS]
          .sort((a, b) => placeOf(shown, a) - placeOf(shown, b))
          .map((id) => ({ id, visible: shown.includes(id) })),
      }}
      pageSizePreference={{
        title: t('pageSize'),
        options: PAGE_SIZES.map((value) => ({ value, label: t('pageSizeOption', { count: value }) })),
      }}
      contentDisplayPreference={{
        title: t('columns'),
        description: t('columnsWhat'),
        options: COLUMN_IDS.map((id) => ({ id, label: label(id), alwaysVisible: id === 'id' })),
      }}
      onConfirm={({ detail }) => {
        change({ traceColumns: (detail.contentDisplay ?? []).filter(({ visible }) => visible).map(({ id }) => id) });
        const chosen = PAGE_SIZES.find((each) => each === detail.pageSize);
        if (chosen) onSize(chosen);
      }}
    />
  );
}

import { useCollection } from '@cloudscape-design/collection-hooks';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { MarkIcon } from '@/graph/MarkIcon';
import { failed, perMinute } from '@/graph/measures';
import {
  edgeId,
  isSelectedEdge,
  type MapEdge,
  type MapNode,
  type MapSelection,
  type Mark,
  type Statistics,
} from '@/graph/types';
import { type MapTexts, useMapTexts } from '@/graph/useMapTexts';
import { formatCount, formatMs, formatShare } from '@/model/format';

interface Properties {
  nodes: readonly MapNode[];
  edges: readonly MapEdge[];
  seconds: number;
  /** Keys of the nodes to be listed; null for all */
  matches: ReadonlySet<string> | null;
  /** What stands out, by key */
  marks: ReadonlyMap<string, Mark>;
  selection: MapSelection | null;
  onSelect(selection: MapSelection): void;
}

/** The map as two tables, of nodes and of connections. */
export function MapLists(props: Properties) {
  return (
    <SpaceBetween size="l">
      <NodeTable {...props} />
      <EdgeTable {...props} />
    </SpaceBetween>
  );
}

function NodeTable(props: Properties) {
  const { t } = useTranslation('map');
  const texts = useMapTexts();
  const { matches, marks, selection, onSelect } = props;
  const rows = props.nodes.filter((node) => !matches || matches.has(node.key));
  const figures = useFigureColumns<MapNode>(props.seconds);
  const columns = useMemo(
    (): TableProps.ColumnDefinition<MapNode>[] => [
      {
        id: 'name',
        header: t('name'),
        isRowHeader: true,
        minWidth: 200,
        sortingComparator: (a, b) => a.name.localeCompare(b.name),
        cell: (node) => (
          <>
            <Link onFollow={() => onSelect({ kind: 'node', key: node.key })}>
              <span className="text-as-sent">{texts.name(node)}</span>
            </Link>
            <Flag mark={marks.get(node.key)} />
          </>
        ),
      },
      {
        id: 'type',
        minWidth: 150,
        header: t('type'),
        sortingComparator: (a, b) => texts.type(a.type).localeCompare(texts.type(b.type)),
        cell: (node) => <span className="text-as-sent">{texts.type(node.type)}</span>,
      },
      ...figures,
    ],
    [t, texts, marks, onSelect, figures],
  );
  const { items, collectionProps } = useCollection(rows, {
    sorting: mostRequestsFirst(columns),
  });
  return (
    <Table
      {...collectionProps}
      variant="container"
      header={<Header counter={`(${rows.length})`}>{t('services')}</Header>}
      columnDefinitions={columns}
      items={items}
      trackBy="key"
      wrapLines
      selectedItems={rows.filter((node) => selection?.kind === 'node' && selection.key === node.key)}
      onRowClick={({ detail }) => onSelect({ kind: 'node', key: detail.item.key })}
      empty={t('nothingFound')}
    />
  );
}

/** Why a node stands out: a shape and a word behind its name. */
function Flag({ mark }: { mark: Mark | undefined }) {
  if (!mark) return null;
  return (
    <span className="rl-map-flag">
      <MarkIcon kind={mark.kind} /> {mark.text}
    </span>
  );
}

function EdgeTable(props: Properties) {
  const { t } = useTranslation('map');
  const texts = useMapTexts();
  const { matches, selection, nodes, onSelect } = props;
  const nameOf = useMemo(() => new Map(nodes.map((node) => [node.key, texts.name(node)])), [nodes, texts]);
  const rows = props.edges.filter((edge) => !matches || matches.has(edge.source) || matches.has(edge.target));
  const select = useCallback(
    (edge: MapEdge) => onSelect({ kind: 'edge', source: edge.source, target: edge.target, isLink: edge.is_link }),
    [onSelect],
  );
  const figures = useFigureColumns<MapEdge>(props.seconds);
  const columns = useMemo(
    (): TableProps.ColumnDefinition<MapEdge>[] => [
      {
        id: 'from',
        header: t('from'),
        isRowHeader: true,
        minWidth: 200,
        sortingComparator: (a, b) => (nameOf.get(a.source) ?? '').localeCompare(nameOf.get(b.source) ?? ''),
        cell: (edge) => (
          <Link ariaLabel={edgeText(edge, nameOf, texts)} onFollow={() => select(edge)}>
            <span className="text-as-sent">{nameOf.get(edge.source)}</span>
          </Link>
        ),
      },
      {
        id: 'to',
        minWidth: 200,
        header: t('to'),
        sortingComparator: (a, b) => (nameOf.get(a.target) ?? '').localeCompare(nameOf.get(b.target) ?? ''),
        cell: (edge) => <span className="text-as-sent">{nameOf.get(edge.target)}</span>,
      },
      {
        id: 'kind',
        header: t('kind'),
        sortingComparator: (a, b) => Number(a.is_link) - Number(b.is_link),
        cell: (edge) => t(edge.is_link ? 'kindLink' : 'kindCall'),
      },
      ...figures,
    ],
    [t, texts, nameOf, select, figures],
  );
  const { items, collectionProps } = useCollection(rows, {
    sorting: mostRequestsFirst(columns),
  });
  return (
    <Table
      {...collectionProps}
      variant="container"
      header={<Header counter={`(${rows.length})`}>{t('connections')}</Header>}
      columnDefinitions={columns}
      items={items}
      trackBy={edgeId}
      wrapLines
      selectedItems={rows.filter((edge) => isSelectedEdge(edge, selection))}
      onRowClick={({ detail }) => select(detail.item)}
      empty={t('nothingFound')}
    />
  );
}

type Figured = { statistics: Statistics | null };

/** The columns of figures that nodes and edges share; what has no figures comes last. */
function useFigureColumns<Row extends Figured>(seconds: number): TableProps.ColumnDefinition<Row>[] {
  const { t, i18n } = useTranslation('map');
  const language = i18n.language;
  return useMemo(() => {
    const rates = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 });
    const share = (count: number, of: Statistics) => (of.requests ? formatShare(count / of.requests) : '–');
    const column = (
      id: string,
      header: string,
      value: (statistics: Statistics) => number | null,
      cell: (value: number, statistics: Statistics) => string,
    ): TableProps.ColumnDefinition<Row> => ({
      id,
      header,
      minWidth: 100,
      sortingComparator: (a, b) => figureOf(a, value) - figureOf(b, value),
      cell: ({ statistics }) => {
        const figure = statistics && value(statistics);
        return statistics && figure !== null ? cell(figure, statistics) : '–';
      },
    });
    const rate = (count: (statistics: Statistics) => number) => (statistics: Statistics) =>
      statistics.requests ? count(statistics) / statistics.requests : null;
    return [
      column(
        'requests',
        t('requests'),
        (each) => each.requests,
        (value) => formatCount(value, language),
      ),
      column(
        'rate',
        t('requestsPerMinute'),
        (each) => perMinute(each.requests, seconds),
        (value) => rates.format(value),
      ),
      column('average', t('averageResponseTime'), (each) => each.average_ms, formatMs),
      column('p90', t('p90'), (each) => each.percentiles?.p90_ms ?? null, formatMs),
      column('p99', t('p99'), (each) => each.percentiles?.p99_ms ?? null, formatMs),
      column('errorRate', t('errorRate'), rate(failed), (_, each) => share(failed(each), each)),
      column(
        'errors',
        t('errors'),
        (each) => each.error,
        (value) => formatCount(value, language),
      ),
      column(
        'throttles',
        t('throttles'),
        (each) => each.throttle,
        (value) => formatCount(value, language),
      ),
      column(
        'faults',
        t('faults'),
        (each) => each.fault,
        (value) => formatCount(value, language),
      ),
    ];
  }, [t, language, seconds]);
}

function mostRequestsFirst<Row>(columns: readonly TableProps.ColumnDefinition<Row>[]) {
  const sortingColumn = columns.find((column) => column.id === 'requests');
  return sortingColumn ? { defaultState: { sortingColumn, isDescending: true } } : {};
}

function figureOf(row: Figured, value: (statistics: Statistics) => number | null): number {
  return (row.statistics && value(row.statistics)) ?? -1;
}

function edgeText(edge: MapEdge, nameOf: ReadonlyMap<string, string>, texts: MapTexts): string {
  return texts.edge(edge, nameOf.get(edge.source) ?? '', nameOf.get(edge.target) ?? '');
}

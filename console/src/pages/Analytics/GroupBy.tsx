import { useCollection } from '@cloudscape-design/collection-hooks';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { Schemas } from '@/api/client';
import { failedShare, OutcomeBar } from '@/components/OutcomeBar';
import { TroubleAlert } from '@/components/TroubleAlert';
import { valueText } from '@/model/attributes';
import { type AttributeId, conditionFor, exceptFor } from '@/model/conditions';
import { formatCount, formatMs, formatShare } from '@/model/format';
import { bothOf, type Scope } from '@/model/scope';
import type { AskedSet, SetB } from '@/model/traceSets';
import { tracesUrl } from '@/pages/Traces/url';
import { useSetGroups } from '@/query/useTraceSets';
import { AttributePicker } from './AttributePicker';
import { GroupDistributions } from './GroupDistributions';
import './analytics.css';

const LIMIT = 100;

type GroupRow = Schemas['GroupRowShape'];
/** A value in A; `shareB` is null where B is not looked at, or does not list the value. */
interface Row {
  row: GroupRow;
  text: string;
  failed: number;
  shareB: number | null;
}

/** Set A divided by an attribute: each value with how many traces it has, how they ended and how long they took. */
export function GroupBy(props: {
  scope: Scope;
  a: AskedSet;
  b: AskedSet | null;
  whole: Schemas['OverviewAnswer'];
  attribute: AttributeId | null;
  onAttribute(attribute: AttributeId): void;
  onFilter(filter: string): void;
  onCompare(filter: string, b: SetB): void;
}) {
  const { t, i18n } = useTranslation('analytics');
  const { t: shell } = useTranslation();
  const { a, b, attribute, scope } = props;
  const navigate = useNavigate();
  const ofA = useSetGroups(a, attribute, LIMIT);
  const ofB = useSetGroups(b, attribute, LIMIT);
  // An answer that is kept while another is on its way may be of another attribute.
  const answer =
    attribute && ofA.data?.attribute.kind === attribute.kind && ofA.data.attribute.key === attribute.key
      ? ofA.data
      : undefined;
  const answerB = b && ofB.data?.attribute.kind === attribute?.kind ? ofB.data : undefined;
  const rows = useMemo(() => rowsOf(answer, answerB, t('none')), [answer, answerB, t]);
  const kind = attribute?.kind ?? 'outcome';

  const act = (action: string, value: GroupRow['value']) => {
    const condition = attribute && conditionFor(attribute, value);
    if (!condition) return;
    if (action === 'only') props.onFilter(bothOf(scope.filter, condition));
    if (action === 'exclude') props.onFilter(bothOf(scope.filter, exceptFor(condition)));
    if (action === 'compare') props.onCompare(bothOf(scope.filter, condition), { kind: 'rest' });
    if (action === 'traces') navigate(tracesUrl({ ...scope, filter: bothOf(scope.filter, condition) }));
  };

  const columns: TableProps.ColumnDefinition<Row>[] = [
    {
      id: 'value',
      header: attribute?.kind === 'annotation' ? attribute.key : t(`kind_${kind}`),
      isRowHeader: true,
      minWidth: 200,
      sortingField: 'text',
      cell: ({ row, text }) =>
        attribute && conditionFor(attribute, row.value) ? (
          <Button variant="inline-link" onClick={() => act('only', row.value)} ariaLabel={`${text}: ${t('only')}`}>
            <span className={row.value === null ? 'quiet' : 'text-as-sent'}>{text}</span>
          </Button>
        ) : (
          <span className="text-as-sent">{text}</span>
        ),
    },
    {
      id: 'traces',
      header: <div className="number">{t('traces')}</div>,
      width: 100,
      sortingComparator: byTraces,
      cell: ({ row }) => <div className="number">{formatCount(row.traces, i18n.language)}</div>,
    },
    {
      id: 'share',
      header: b ? t('shareA') : t('share'),
      width: b ? 105 : 160,
      sortingComparator: (one, other) => one.row.share - other.row.share,
      cell: ({ row }) => (b ? <div className="number">{formatShare(row.share)}</div> : <Share share={row.share} />),
    },
    ...(b
      ? [
          {
            id: 'shareB',
            header: <div className="number">{t('shareB')}</div>,
            width: 110,
            cell: ({ shareB }: Row) => <div className="number">{shareB === null ? '–' : formatShare(shareB)}</div>,
          },
          {
            id: 'difference',
            header: <div className="number">{t('difference')}</div>,
            width: 120,
            sortingComparator: (one: Row, other: Row) =>
              one.row.share - (one.shareB ?? 0) - (other.row.share - (other.shareB ?? 0)),
            cell: ({ row, shareB }: Row) => (
              <div className="number">
                {shareB === null ? '–' : t('points', { points: pointsText(row.share - shareB) })}
              </div>
            ),
          },
        ]
      : []),
    ...(b
      ? []
      : [
          {
            id: 'outcomes',
            header: t('outcomes'),
            width: 125,
            cell: ({ row, text }: Row) => <OutcomeBar counts={row} label={text} />,
          },
        ]),
    {
      id: 'failed',
      header: <div className="number">{t('failedShare')}</div>,
      width: 90,
      sortingField: 'failed',
      cell: ({ failed }) => <div className="number">{formatShare(failed)}</div>,
    },
    {
      id: 'average',
      header: <div className="number">{t('average')}</div>,
      width: 105,
      sortingComparator: (one, other) =>
        (one.row.average_response_time_ms ?? -1) - (other.row.average_response_time_ms ?? -1),
      cell: ({ row }) => (
        <div className="number">
          {row.average_response_time_ms === null ? '–' : formatMs(row.average_response_time_ms)}
        </div>
      ),
    },
    {
      id: 'actions',
      header: t('actions'),
      width: 104,
      cell: ({ row, text }) => (
        <ButtonDropdown
          variant="inline-icon"
          expandToViewport
          ariaLabel={t('actionsOf', { value: text })}
          disabled={!attribute || conditionFor(attribute, row.value) === null}
          items={[
            { id: 'only', text: t('only') },
            { id: 'exclude', text: t('exclude') },
            { id: 'compare', text: t('useAsB') },
            { id: 'traces', text: t('viewTraces') },
          ]}
          onItemClick={({ detail }) => act(detail.id, row.value)}
        />
      ),
    },
  ];

  const { items, collectionProps, paginationProps } = useCollection(rows, {
    pagination: { pageSize: 10 },
    sorting: { defaultState: { sortingColumn: { sortingComparator: byTraces }, isDescending: true } },
  });

  const header = (
    <Header
      variant="h2"
      description={t('groupByWhat')}
      actions={
        <div className="attribute-picker">
          <AttributePicker set={a} attribute={attribute} onChange={props.onAttribute} />
        </div>
      }
      {...(answer ? { counter: `(${formatCount(answer.distinct, i18n.language)})` } : {})}
    >
      {t('groupBy')}
    </Header>
  );
  if (!attribute) {
    return (
      <Container header={header}>
        <Box color="text-body-secondary">{t('groupByNothing')}</Box>
      </Container>
    );
  }
  return (
    <SpaceBetween size="l">
      <Table<Row>
        {...collectionProps}
        variant="container"
        items={items}
        columnDefinitions={columns}
        trackBy={({ row }) => JSON.stringify(row.value)}
        loading={!answer && ofA.isFetching}
        loadingText={shell('loading')}
        wrapLines
        resizableColumns
        header={header}
        {...(rows.length > 10 ? { pagination: <Pagination {...paginationProps} /> } : {})}
        empty={
          ofA.error ? (
            <TroubleAlert trouble={ofA.error} onRetry={() => void ofA.refetch()} />
          ) : (
            <Box color="text-body-secondary" padding="s">
              {t('noValues')}
            </Box>
          )
        }
        footer={
          answer?.left_out ? (
            <Box color="text-body-secondary" fontSize="body-s">
              {t('leftOut', {
                listed: formatCount(answer.distinct - answer.left_out, i18n.language),
                distinct: formatCount(answer.distinct, i18n.language),
              })}
            </Box>
          ) : undefined
        }
      />
      {answer && rows.length > 0 && (
        <GroupDistributions scope={scope} whole={props.whole} attribute={attribute} rows={answer.rows} />
      )}
    </SpaceBetween>
  );
}

function byTraces(one: Row, other: Row): number {
  return one.row.traces - other.row.traces;
}

function rowsOf(
  answer: Schemas['GroupByAnswer'] | undefined,
  answerB: Schemas['GroupByAnswer'] | undefined,
  none: string,
): Row[] {
  const sharesB = new Map((answerB?.rows ?? []).map((row) => [JSON.stringify(row.value), row.share]));
  const isListedB = answerB?.left_out === 0;
  return (answer?.rows ?? []).map((row) => ({
    row,
    text: valueText(answer?.attribute.kind ?? 'outcome', row.value, none),
    failed: failedShare(row, row.traces),
    shareB: sharesB.get(JSON.stringify(row.value)) ?? (isListedB ? 0 : null),
  }));
}

function pointsText(difference: number): string {
  const points = difference * 100;
  return `${points > 0 ? '+' : ''}${points.toFixed(Math.abs(points) < 10 ? 1 : 0)}`;
}

function Share(props: { share: number }) {
  return (
    <div className="share-cell">
      <div className="share-track" aria-hidden>
        <div className="share-fill" style={{ width: `${Math.min(100, props.share * 100)}%` }} />
      </div>
      <span className="number">{formatShare(props.share)}</span>
    </div>
  );
}

import { useCollection } from '@cloudscape-design/collection-hooks';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { CategoryBadge } from '@/components/CategoryBadge';
import { ImpactText } from '@/components/ImpactText';
import { InnerLink } from '@/components/InnerLink';
import { InsightState } from '@/components/InsightState';
import { formatInstant, formatLength, visible } from '@/model/format';
import { entityText, failedOf, type Insight, leadingWatch, lengthOf } from '@/model/insights';
import { resolveRange } from '@/model/timeRange';
import { insightUrl } from '@/pages/Insight/url';
import { matching } from './matching';
import { type InsightsView, STATES, viewQuery } from './url';
import './insights.css';

const PAGE_SIZE = 25;
const WEEK_S = 604_800;

/** The incidents that were asked for, and what to do where there are none. */
export function InsightTable(props: {
  answer: Schemas['InsightsAnswer'];
  view: InsightsView;
  onView(change: Partial<InsightsView>): void;
}) {
  const { t } = useTranslation('insights');
  const { answer, view, onView } = props;
  const columns = useColumns(view);
  const rows = useMemo(() => matching(answer.insights, view), [answer.insights, view]);
  const { items, collectionProps, paginationProps } = useCollection(rows, {
    pagination: { pageSize: PAGE_SIZE },
    sorting: {},
  });
  const count = (state: InsightsView['state']) => matching(answer.insights, { ...view, state }).length;
  return (
    <Table<Insight>
      {...collectionProps}
      variant="container"
      items={items}
      trackBy="id"
      wrapLines
      header={
        <Header
          variant="h2"
          counter={`(${rows.length})`}
          actions={
            <SegmentedControl
              label={t('state')}
              selectedId={view.state ?? 'all'}
              options={[null, ...STATES].map((state) => ({
                id: state ?? 'all',
                text: `${t(`state_${state ?? 'all'}`)} (${count(state)})`,
              }))}
              onChange={({ detail }) => onView({ state: STATES.find((state) => state === detail.selectedId) ?? null })}
            />
          }
        >
          {t('list')}
        </Header>
      }
      columnDefinitions={columns}
      empty={<Nothing answer={answer} view={view} onView={onView} />}
      {...(rows.length > PAGE_SIZE ? { pagination: <Pagination {...paginationProps} /> } : {})}
    />
  );
}

function useColumns(view: InsightsView): TableProps.ColumnDefinition<Insight>[] {
  const { t, i18n } = useTranslation('insights');
  const language = i18n.language;
  return useMemo(() => {
    const query = viewQuery(view);
    const cause = (insight: Insight) => visible(entityText(insight.root_cause.entity, t('unnamed')));
    const share = ({ client_impact }: Insight) =>
      client_impact.requests ? failedOf(client_impact) / client_impact.requests : -1;
    return [
      {
        id: 'cause',
        header: t('rootCause'),
        isRowHeader: true,
        minWidth: 230,
        sortingComparator: (a, b) => cause(a).localeCompare(cause(b)),
        cell: (insight) => (
          <>
            <InnerLink to={insightUrl(insight.id, query)}>{cause(insight)}</InnerLink>
            <span className="insight-summary text-as-sent" lang="en">
              {visible(insight.summary)}
            </span>
            {!view.group && (
              <span className="insight-of">
                {t('group')}: <span className="text-as-sent">{visible(insight.group)}</span>
              </span>
            )}
          </>
        ),
      },
      {
        id: 'state',
        header: t('state'),
        minWidth: 115,
        sortingComparator: (a, b) => a.state.localeCompare(b.state),
        cell: (insight) => <InsightState state={insight.state} />,
      },
      {
        id: 'category',
        header: t('category'),
        minWidth: 125,
        cell: (insight) => (
          <div className="insight-categories">
            {insight.categories.map((category) => (
              <CategoryBadge key={category} category={category} />
            ))}
          </div>
        ),
      },
      {
        id: 'start',
        header: t('start'),
        minWidth: 115,
        sortingComparator: (a, b) => a.start - b.start,
        cell: (insight) => formatInstant(insight.start, language),
      },
      {
        id: 'length',
        header: t('length'),
        minWidth: 100,
        sortingComparator: (a, b) => lengthOf(a, Date.now()) - lengthOf(b, Date.now()),
        cell: (insight) => formatLength(lengthOf(insight, Date.now()), language),
      },
      {
        id: 'impact',
        header: t('clientImpact'),
        minWidth: 160,
        sortingComparator: (a, b) => share(a) - share(b),
        cell: (insight) => <ImpactText impact={insight.client_impact} label={t('clientImpact')} />,
      },
    ];
  }, [view, t, language]);
}

/** Why nothing is listed, as far as it is known, and the next step. */
function Nothing(props: Parameters<typeof InsightTable>[0]) {
  const { t } = useTranslation('insights');
  const { answer, view, onView } = props;
  if (answer.insights.length > 0) {
    return (
      <SpaceBetween size="xs" alignItems="center">
        <Box color="text-body-secondary">{t('noMatch')}</Box>
        <Button onClick={() => onView({ state: null, category: null })}>{t('showAll')}</Button>
      </SpaceBetween>
    );
  }
  const { start, end } = resolveRange(view.range, Date.now());
  return (
    <SpaceBetween size="xs" alignItems="center">
      <Box variant="strong">{t('nothing')}</Box>
      <Box color="text-body-secondary">
        {t(leadingWatch(answer.watches)?.state === 'watching' ? 'nothingWatching' : 'nothingYet')}
      </Box>
      {end - start < WEEK_S && (
        <Button onClick={() => onView({ range: { kind: 'last', seconds: WEEK_S } })}>{t('lookBack')}</Button>
      )}
    </SpaceBetween>
  );
}

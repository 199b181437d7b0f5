import { useCollection } from '@cloudscape-design/collection-hooks';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { CHANGES, type Change, countChanges, differenceMs, largestDifferenceMs } from '@/model/comparedPaths';
import { formatCount, formatMs, visible } from '@/model/format';
import { DifferenceBar } from './DifferenceBar';

type Path = Schemas['ComparedPath'];

/** Told apart by shape as well as by colour. */
const SIGNS: Record<Change, string> = { only_a: 'A', only_b: 'B', slower: '▲', faster: '▼', same: '=' };
const PAGE_ROWS = 50;

/** The call paths of both traces, those that differ most first. */
export function PathsTable(props: {
  paths: readonly Path[];
  change: Change | null;
  onChange(change: Change | null): void;
}) {
  const { t, i18n } = useTranslation('compareTraces');
  const { paths, change } = props;
  const largest = useMemo(() => largestDifferenceMs(paths), [paths]);
  const counts = useMemo(() => countChanges(paths), [paths]);
  const shown = useMemo(() => paths.filter((path) => change === null || path.change === change), [paths, change]);
  const { items, collectionProps, filterProps, filteredItemsCount, paginationProps, actions } = useCollection(shown, {
    filtering: {
      fields: ['path'],
      noMatch: (
        <Box textAlign="center">
          <SpaceBetween size="xs">
            {t('noMatch')}
            <Button onClick={() => actions.setFiltering('')}>{t('clearFilter')}</Button>
          </SpaceBetween>
        </Box>
      ),
      empty: t(change === null ? 'noPaths' : 'noPathsOfChange'),
    },
    sorting: {},
    pagination: { pageSize: PAGE_ROWS },
  });
  const options = [
    { value: '', label: t('allChanges', { count: paths.length }) },
    ...CHANGES.map((each) => ({ value: each, label: t('changeCount', { change: t(each), count: counts[each] }) })),
  ];
  const columns: TableProps.ColumnDefinition<Path>[] = [
    {
      id: 'path',
      header: t('path'),
      isRowHeader: true,
      sortingField: 'path',
      cell: (path) => <span className="text-as-sent">{visible(path.path)}</span>,
    },
    {
      id: 'change',
      header: t('change'),
      sortingComparator: (one, two) => CHANGES.indexOf(one.change) - CHANGES.indexOf(two.change),
      cell: (path) => (
        <span className={`compare-change compare-${path.change}`}>
          <span aria-hidden="true" className="compare-sign">
            {SIGNS[path.change]}
          </span>{' '}
          {t(path.change)}
        </span>
      ),
      minWidth: 130,
    },
    {
      id: 'count',
      header: t('count'),
      sortingComparator: (one, two) => one.count_a + one.count_b - two.count_a - two.count_b,
      cell: (path) => `${formatCount(path.count_a, i18n.language)} / ${formatCount(path.count_b, i18n.language)}`,
      minWidth: 110,
    },
    {
      id: 'a',
      header: t('heldA'),
      sortingField: 'held_a_ms',
      cell: (path) => (path.count_a ? formatMs(path.held_a_ms) : '–'),
      minWidth: 100,
    },
    {
      id: 'b',
      header: t('heldB'),
      sortingField: 'held_b_ms',
      cell: (path) => (path.count_b ? formatMs(path.held_b_ms) : '–'),
      minWidth: 100,
    },
    {
      id: 'difference',
      header: t('difference'),
      sortingComparator: (one, two) => Math.abs(differenceMs(one)) - Math.abs(differenceMs(two)),
      cell: (path) => <DifferenceBar ms={differenceMs(path)} largestMs={largest} />,
      minWidth: 240,
    },
  ];
  return (
    <Table
      {...collectionProps}
      items={items}
      columnDefinitions={columns}
      trackBy="path"
      wrapLines
      contentDensity="compact"
      ariaLabels={{ tableLabel: t('paths') }}
      header={
        <Header variant="h2" counter={`(${formatCount(paths.length, i18n.language)})`} description={t('pathsWhat')}>
          {t('paths')}
        </Header>
      }
      filter={
        <SpaceBetween direction="horizontal" size="xs">
          <TextFilter
            {...filterProps}
            filteringPlaceholder={t('findPath')}
            filteringAriaLabel={t('findPath')}
            countText={t('matches', { count: filteredItemsCount ?? 0 })}
          />
          <Select
            ariaLabel={t('change')}
            inlineLabelText={t('change')}
            options={options}
            selectedOption={options.find((option) => option.value === (change ?? '')) ?? null}
            onChange={({ detail }) =>
              props.onChange(CHANGES.find((each) => each === detail.selectedOption.value) ?? null)
            }
          />
        </SpaceBetween>
      }
      pagination={shown.length > PAGE_ROWS ? <Pagination {...paginationProps} /> : null}
    />
  );
}

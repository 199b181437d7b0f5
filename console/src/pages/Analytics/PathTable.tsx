import { useCollection } from '@cloudscape-design/collection-hooks';
import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import Pagination from '@cloudscape-design/components/pagination';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { ChanceText } from '@/components/findings/Effect';
import { formatMs, formatShare, visible } from '@/model/format';

type Path = Schemas['PathShape'];

/** Call paths of both sets: how many traces take them, how often, and how long they hold the response. */
export function PathTable(props: { paths: readonly Path[] }) {
  const { t } = useTranslation('analytics');
  const { items, collectionProps, paginationProps } = useCollection(props.paths, { pagination: { pageSize: 10 } });
  return (
    <Table<Path>
      {...collectionProps}
      variant="embedded"
      items={items}
      trackBy="path"
      wrapLines
      columnDefinitions={[
        { id: 'path', header: t('path'), isRowHeader: true, minWidth: 260, cell: (path) => <PathCell of={path} /> },
        {
          id: 'change',
          header: t('change'),
          width: 130,
          cell: ({ changes }) => (
            <SpaceBetween size="xxs">
              {changes.map((change) => (
                <Badge key={change} color="grey">
                  {t(`change_${change}`)}
                </Badge>
              ))}
            </SpaceBetween>
          ),
        },
        {
          id: 'a',
          header: <div className="number">{t('inA')}</div>,
          width: 80,
          cell: ({ presence }) => <div className="number">{formatShare(presence.share_a)}</div>,
        },
        {
          id: 'b',
          header: <div className="number">{t('inB')}</div>,
          width: 80,
          cell: ({ presence }) => <div className="number">{formatShare(presence.share_b)}</div>,
        },
        {
          id: 'perTrace',
          header: <div className="number">{t('perTrace')}</div>,
          width: 100,
          cell: (path) => <Pair a={timesText(path.per_trace_a)} b={timesText(path.per_trace_b)} />,
        },
        {
          id: 'held',
          header: <div className="number">{t('held')}</div>,
          width: 140,
          cell: ({ time }) => (
            <Pair a={time ? formatMs(time.median_a_ms) : '–'} b={time ? formatMs(time.median_b_ms) : '–'} />
          ),
        },
        {
          id: 'chance',
          header: t('chance'),
          width: 130,
          cell: ({ presence, time, changes }) => {
            const isTime = changes.includes('longer') || changes.includes('shorter');
            return <ChanceText of={(isTime ? time?.significance : presence.significance) ?? null} />;
          },
        },
      ]}
      empty={<Box color="text-body-secondary">{t('noPaths')}</Box>}
      {...(props.paths.length > 10 ? { pagination: <Pagination {...paginationProps} /> } : {})}
    />
  );
}

function PathCell(props: { of: Path }) {
  const { t } = useTranslation('analytics');
  const { path, implied_by } = props.of;
  const nodes = path.split(' > ');
  return (
    <div className="text-as-sent">
      {nodes.length > 1 && <span className="quiet">{visible(nodes.slice(0, -1).join(' › '))} › </span>}
      <strong>{visible(nodes.at(-1) ?? '')}</strong>
      {implied_by && (
        <Box color="text-body-secondary" fontSize="body-s">
          {t('impliedBy', { path: visible(implied_by.split(' > ').at(-1) ?? '') })}
        </Box>
      )}
    </div>
  );
}

function Pair(props: { a: string; b: string }) {
  return (
    <div className="number">
      {props.a} / {props.b}
    </div>
  );
}

function timesText(times: number | null): string {
  return times === null ? '–' : String(Number(times.toFixed(1)));
}

import Box from '@cloudscape-design/components/box';
import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { InnerLink } from '@/components/InnerLink';
import { failedShare, OutcomeBar } from '@/components/OutcomeBar';
import { valueText } from '@/model/attributes';
import { conditionFor } from '@/model/conditions';
import { formatCount, formatMs, formatShare } from '@/model/format';
import { bothOf, type Scope } from '@/model/scope';
import { askedScope } from '@/model/traceSets';
import { mapUrl } from '@/pages/ServiceMap/url';
import { useSetGroups } from '@/query/useTraceSets';
import './home.css';

const ENTRY_POINT = { kind: 'entry_point', key: '' } as const;
const SHOWN = 6;

type Row = Schemas['GroupRowShape'];

/** Where most requests enter, and how they fare; each leads to its part of the map. */
export function EntryPoints(props: { scope: Scope }) {
  const { t, i18n } = useTranslation('home');
  const set = useMemo(() => askedScope(props.scope), [props.scope]);
  const { data, isFetching } = useSetGroups(set, ENTRY_POINT, SHOWN);
  return (
    <Table<Row>
      variant="container"
      items={data?.rows ?? []}
      loading={!data && isFetching}
      trackBy={(row) => String(row.value)}
      wrapLines
      header={
        <Header variant="h2" description={t('entriesWhat')}>
          {t('entries')}
        </Header>
      }
      columnDefinitions={[
        {
          id: 'entry',
          header: t('entry'),
          isRowHeader: true,
          minWidth: 160,
          cell: (row) => <EntryLink scope={props.scope} value={row.value} />,
        },
        {
          id: 'requests',
          header: <div className="home-number">{t('requests')}</div>,
          cell: (row) => <div className="home-number">{formatCount(row.traces, i18n.language)}</div>,
        },
        { id: 'health', header: t('health'), minWidth: 90, cell: (row) => <OutcomeBar counts={row} /> },
        {
          id: 'failed',
          header: <div className="home-number">{t('failed')}</div>,
          cell: (row) => <div className="home-number">{formatShare(failedShare(row, row.traces))}</div>,
        },
        {
          id: 'average',
          header: <div className="home-number">{t('average')}</div>,
          cell: (row) => (
            <div className="home-number">
              {row.average_response_time_ms === null ? '–' : formatMs(row.average_response_time_ms)}
            </div>
          ),
        },
      ]}
      empty={<Box color="text-body-secondary">{t('noTraces')}</Box>}
    />
  );
}

function EntryLink(props: { scope: Scope; value: Row['value'] }) {
  const { t } = useTranslation('home');
  const condition = conditionFor(ENTRY_POINT, props.value);
  return (
    <InnerLink to={mapUrl({ ...props.scope, filter: bothOf(props.scope.filter, condition ?? '') })}>
      <span className="text-as-sent">{valueText('entry_point', props.value, t('unnamed'))}</span>
    </InnerLink>
  );
}

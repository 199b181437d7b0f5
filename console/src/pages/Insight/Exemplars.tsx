import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { InnerLink } from '@/components/InnerLink';
import { formatInstant, visible } from '@/model/format';
import { traceUrl } from '@/pages/Trace/url';
import './insight.css';

/** Traces that show an incident, and why each was picked. */
export function Exemplars(props: { exemplars: readonly Schemas['ExemplarShape'][] }) {
  const { t, i18n } = useTranslation('insights');
  return (
    <Container
      fitHeight
      header={
        <Header variant="h2" description={t('exemplarsWhat')}>
          {t('exemplars')}
        </Header>
      }
    >
      <Table<Schemas['ExemplarShape']>
        variant="borderless"
        items={[...props.exemplars]}
        trackBy="trace_id"
        wrapLines
        columnDefinitions={[
          {
            id: 'trace',
            header: t('trace'),
            isRowHeader: true,
            width: 315,
            cell: ({ trace_id, start }) => (
              <>
                <InnerLink to={traceUrl(trace_id)}>{trace_id}</InnerLink>
                <span className="incident-small">{formatInstant(start, i18n.language)}</span>
              </>
            ),
          },
          {
            id: 'why',
            header: t('why'),
            minWidth: 120,
            cell: ({ why }) => (
              <span className="text-as-sent" lang="en">
                {visible(why)}
              </span>
            ),
          },
        ]}
        empty={<Box color="text-body-secondary">{t('noExemplars')}</Box>}
      />
    </Container>
  );
}

import Header from '@cloudscape-design/components/header';
import Table from '@cloudscape-design/components/table';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { visible } from '@/model/format';

/** What the two traces tell differently. */
export function FactsTable(props: { facts: readonly Schemas['ComparedFact'][] }) {
  const { t } = useTranslation('compareTraces');
  const value = (text: string | null) =>
    text === null ? (
      <span className="compare-faint">{t('notTold')}</span>
    ) : (
      <span className="text-as-sent">{visible(text.slice(0, 2_000))}</span>
    );
  return (
    <Table
      items={props.facts}
      trackBy="name"
      wrapLines
      contentDensity="compact"
      ariaLabels={{ tableLabel: t('facts') }}
      header={
        <Header variant="h2" counter={`(${props.facts.length})`} description={t('factsWhat')}>
          {t('facts')}
        </Header>
      }
      empty={t('noFacts')}
      columnDefinitions={[
        {
          id: 'name',
          header: t('fact'),
          isRowHeader: true,
          cell: (fact) => <span className="text-as-sent">{visible(fact.name)}</span>,
        },
        { id: 'a', header: 'A', cell: (fact) => value(fact.a) },
        { id: 'b', header: 'B', cell: (fact) => value(fact.b) },
      ]}
    />
  );
}

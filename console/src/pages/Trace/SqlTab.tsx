import SpaceBetween from '@cloudscape-design/components/space-between';
import { useTranslation } from 'react-i18next';
import { type Fact, Facts } from './Facts';
import { LongText } from './LongText';

/** The query of a call of a database. */
export function SqlTab(props: { sql: Record<string, unknown> }) {
  const { t } = useTranslation('trace');
  const { sanitized_query: query, ...rest } = props.sql;
  const facts: Fact[] = Object.entries(rest).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return (
    <SpaceBetween size="l">
      {typeof query === 'string' && <LongText text={query} fileName="query.sql" hasActions />}
      {facts.length > 0 && <Facts columns={2} facts={facts} label={t('tabSql')} />}
    </SpaceBetween>
  );
}

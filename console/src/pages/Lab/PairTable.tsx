import Box from '@cloudscape-design/components/box';
import Table from '@cloudscape-design/components/table';
import { useTranslation } from 'react-i18next';
import { visible } from '@/model/format';

/** Keys and values, as tags, parameters and environments are. */
export function PairTable(props: { pairs: Readonly<Record<string, string>>; label: string }) {
  const { t } = useTranslation('lab');
  return (
    <Table<readonly [string, string]>
      variant="embedded"
      items={Object.entries(props.pairs)}
      trackBy={([key]) => key}
      wrapLines
      ariaLabels={{ tableLabel: props.label }}
      columnDefinitions={[
        {
          id: 'key',
          header: t('key'),
          isRowHeader: true,
          minWidth: 180,
          cell: ([key]) => <span className="text-as-sent">{visible(key)}</span>,
        },
        {
          id: 'value',
          header: t('value'),
          minWidth: 240,
          cell: ([, value]) => <span className="text-as-sent">{visible(value)}</span>,
        },
      ]}
      empty={<Box color="text-body-secondary">{t('none')}</Box>}
    />
  );
}

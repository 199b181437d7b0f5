import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { formatInstant, visible } from '@/model/format';
import { TypeName } from './StackResources';
import { indicatorOf } from './stackStatus';

/** What happened to a stack, the latest first as in the AWS console. */
export function StackEvents(props: { answer: Schemas['LabEventsAnswer'] | undefined }) {
  const { t, i18n } = useTranslation('lab');
  const { t: shell } = useTranslation();
  const events = useMemo(() => [...(props.answer?.events ?? [])].reverse(), [props.answer]);
  return (
    <Table<Schemas['LabEvent']>
      variant="embedded"
      items={events}
      loading={!props.answer}
      loadingText={shell('loading')}
      trackBy={({ index }) => String(index)}
      wrapLines
      ariaLabels={{ tableLabel: t('events') }}
      columnDefinitions={[
        {
          id: 'time',
          header: t('time'),
          minWidth: 265,
          cell: ({ time }) => formatInstant(Date.parse(time) / 1000, i18n.language, true),
        },
        {
          id: 'logicalId',
          header: t('logicalId'),
          isRowHeader: true,
          cell: ({ logical_id }) => <span className="text-as-sent">{visible(logical_id)}</span>,
        },
        {
          id: 'status',
          header: t('status'),
          minWidth: 215,
          cell: ({ status }) => <StatusIndicator type={indicatorOf(status)}>{visible(status)}</StatusIndicator>,
        },
        {
          id: 'type',
          header: t('type'),
          minWidth: 180,
          cell: ({ type }) => <TypeName type={type} />,
        },
        {
          id: 'reason',
          header: t('reason'),
          cell: ({ reason }) => <span className="text-as-sent">{visible(reason ?? '') || '–'}</span>,
        },
      ]}
    />
  );
}

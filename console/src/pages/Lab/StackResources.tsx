import Table from '@cloudscape-design/components/table';
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { InnerLink } from '@/components/InnerLink';
import { visible } from '@/model/format';
import { functionUrl } from './url';

/** What a stack is made of; functions lead to themselves. */
export function StackResources(props: { resources: readonly Schemas['LabResource'][] }) {
  const { t } = useTranslation('lab');
  return (
    <Table<Schemas['LabResource']>
      variant="embedded"
      items={props.resources}
      trackBy="logical_id"
      wrapLines
      ariaLabels={{ tableLabel: t('resources') }}
      columnDefinitions={[
        {
          id: 'logicalId',
          header: t('logicalId'),
          isRowHeader: true,
          cell: ({ logical_id }) => <span className="text-as-sent">{visible(logical_id)}</span>,
        },
        {
          id: 'physicalId',
          header: t('physicalId'),
          minWidth: 220,
          cell: ({ physical_id, type }) => <PhysicalId id={physical_id} type={type} />,
        },
        {
          id: 'type',
          header: t('type'),
          minWidth: 200,
          cell: ({ type }) => <TypeName type={type} />,
        },
        {
          id: 'arn',
          header: t('arn'),
          minWidth: 220,
          cell: ({ arn }) => <span className="text-as-sent">{visible(arn ?? '–')}</span>,
        },
      ]}
    />
  );
}

/** The name of a resource here, leading to its page where it has one. */
export function PhysicalId(props: { id: string; type: string }) {
  const text = <span className="text-as-sent">{visible(props.id)}</span>;
  return props.type === 'AWS::Lambda::Function' ? <InnerLink to={functionUrl(props.id)}>{text}</InnerLink> : text;
}

/** A type such as `AWS::Lambda::Function`, which breaks between its parts. */
export function TypeName(props: { type: string }) {
  const parts = visible(props.type).split('::');
  return (
    <span className="text-as-sent">
      {parts.map((part, index) => (
        <Fragment key={index}>
          {part}
          {index < parts.length - 1 && (
            <>
              ::
              <wbr />
            </>
          )}
        </Fragment>
      ))}
    </span>
  );
}

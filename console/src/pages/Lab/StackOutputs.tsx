import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import Table from '@cloudscape-design/components/table';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { visible } from '@/model/format';

/** What a stack tells about itself: first what works on this machine, then what it would be on AWS. */
export function StackOutputs(props: { outputs: readonly Schemas['LabOutput'][] }) {
  const { t } = useTranslation('lab');
  const { t: shell } = useTranslation();
  return (
    <Table<Schemas['LabOutput']>
      variant="embedded"
      items={props.outputs}
      trackBy="key"
      wrapLines
      ariaLabels={{ tableLabel: t('outputs') }}
      columnDefinitions={[
        {
          id: 'key',
          header: t('key'),
          isRowHeader: true,
          minWidth: 200,
          cell: ({ key }) => <span className="text-as-sent">{visible(key)}</span>,
        },
        {
          id: 'here',
          header: t('here'),
          minWidth: 240,
          cell: ({ key, local_value }) => (
            <CopyToClipboard
              variant="inline"
              textToCopy={local_value}
              textToDisplay={visible(local_value)}
              copyButtonAriaLabel={`${shell('copy')}: ${key}`}
              copySuccessText={shell('copied')}
              copyErrorText={shell('copyFailed')}
            />
          ),
        },
        {
          id: 'onAws',
          header: t('onAws'),
          minWidth: 200,
          cell: ({ value, local_value }) => (
            <span className="text-as-sent">{value === local_value ? '–' : visible(value)}</span>
          ),
        },
        {
          id: 'description',
          header: t('description'),
          minWidth: 180,
          cell: ({ description }) => <span className="text-as-sent">{visible(description ?? '')}</span>,
        },
      ]}
    />
  );
}

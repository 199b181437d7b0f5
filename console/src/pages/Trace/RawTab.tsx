import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { prettyJson } from '@/model/prettyJson';
import { JsonTree } from './JsonTree';
import { LongText } from './LongText';

/** A JSON value as it was sent: as text that can be copied, or as a tree. */
export default function RawTab(props: { value: unknown; fileName: string }) {
  const { t } = useTranslation('trace');
  const [form, setForm] = useState('text');
  const text = useMemo(() => prettyJson(props.value), [props.value]);
  return (
    <SpaceBetween size="xs">
      <SegmentedControl
        label={t('rawForm')}
        selectedId={form}
        options={[
          { id: 'text', text: t('rawText') },
          { id: 'tree', text: t('rawTree') },
        ]}
        onChange={({ detail }) => setForm(detail.selectedId)}
      />
      {form === 'text' ? (
        <LongText text={text} fileName={props.fileName} hasActions />
      ) : (
        <JsonTree value={props.value} name={t('rawDocument')} />
      )}
    </SpaceBetween>
  );
}

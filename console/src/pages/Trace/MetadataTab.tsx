import ExpandableSection from '@cloudscape-design/components/expandable-section';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useTranslation } from 'react-i18next';
import { visible } from '@/model/format';
import { JsonTree } from './JsonTree';
import { NothingRecorded } from './NothingRecorded';

/** What was recorded of a span without being searchable, by namespace. */
export default function MetadataTab(props: { metadata: Record<string, unknown> }) {
  const { t } = useTranslation('trace');
  const namespaces = Object.entries(props.metadata);
  if (!namespaces.length) {
    return <NothingRecorded title={t('noMetadata')} what={t('noMetadataWhat')} code={METADATA_CODE} />;
  }
  return (
    <SpaceBetween size="xs">
      {namespaces.slice(0, 50).map(([namespace, value], index) => (
        <ExpandableSection
          key={namespace}
          headerText={visible(namespace).slice(0, 200)}
          headerDescription={t('metadataNamespace')}
          defaultExpanded={index === 0}
        >
          <JsonTree value={value} name={namespace} />
        </ExpandableSection>
      ))}
    </SpaceBetween>
  );
}

const METADATA_CODE = 'xray_recorder.current_subsegment().put_metadata("key", value, "namespace")';

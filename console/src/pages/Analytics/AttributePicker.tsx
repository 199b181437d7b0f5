import Select, { type SelectProps } from '@cloudscape-design/components/select';
import { useTranslation } from 'react-i18next';
import { ATTRIBUTE_SECTIONS } from '@/model/attributes';
import type { AttributeId } from '@/model/conditions';
import { visible } from '@/model/format';
import type { AskedSet } from '@/model/traceSets';
import { useSetAttributes } from '@/query/useTraceSets';

/** Chooses what a set is divided by; of annotations those keys that some trace of it has. */
export function AttributePicker(props: {
  set: AskedSet;
  attribute: AttributeId | null;
  onChange(attribute: AttributeId): void;
}) {
  const { t } = useTranslation('analytics');
  const found = useSetAttributes(props.set);
  const keys = (found.data?.attributes ?? []).filter((each) => each.kind === 'annotation').map((each) => each.key);
  const annotations: SelectProps.Option[] = keys.map((key) => ({ value: `annotation.${key}`, label: visible(key) }));
  const options: SelectProps.OptionGroup[] = [
    ...ATTRIBUTE_SECTIONS.map(({ section, kinds }) => ({
      label: t(section),
      options: kinds.map((kind) => ({ value: kind, label: t(`kind_${kind}`) })),
    })),
    {
      label: t('annotation'),
      options: annotations.length
        ? annotations
        : [{ value: 'annotation', label: t('noAnnotations'), disabled: true } satisfies SelectProps.Option],
    },
  ];
  const { attribute } = props;
  const selected: SelectProps.Option | null = attribute && {
    value: attribute.kind === 'annotation' ? `annotation.${attribute.key}` : attribute.kind,
    label: attribute.kind === 'annotation' ? visible(attribute.key) : t(`kind_${attribute.kind}`),
  };
  return (
    <Select
      ariaLabel={t('groupBy')}
      placeholder={t('groupByChoose')}
      filteringType="auto"
      filteringAriaLabel={t('filterAttributes')}
      filteringPlaceholder={t('filterAttributes')}
      statusType={found.isPending ? 'loading' : 'finished'}
      selectedOption={selected}
      options={options}
      onChange={({ detail }) => {
        const value = detail.selectedOption.value ?? '';
        if (value.startsWith('annotation.')) props.onChange({ kind: 'annotation', key: value.slice(11) });
        else props.onChange({ kind: value as AttributeId['kind'], key: '' });
      }}
      expandToViewport
    />
  );
}

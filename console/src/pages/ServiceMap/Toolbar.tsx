import Input from '@cloudscape-design/components/input';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import Select from '@cloudscape-design/components/select';
import { useTranslation } from 'react-i18next';
import { usePreferences } from '@/stores/preferences';

interface Properties {
  search: string;
  onSearch(search: string): void;
  /** Enter in the search field */
  onFind(): void;
  /** How many nodes match what is searched; null while nothing is */
  found: number | null;
  view: 'map' | 'list';
  onView(view: 'map' | 'list'): void;
}

/** What changes how the map is shown, and not what it is of. */
export function Toolbar(props: Properties) {
  const { t } = useTranslation('map');
  const { lambdaView, nodeSize, change } = usePreferences();
  const sizes = [
    { value: 'none', label: t('sizeNone'), description: t('sizeNoneWhat') },
    { value: 'traffic', label: t('sizeTraffic'), description: t('sizeTrafficWhat') },
    { value: 'health', label: t('sizeHealth'), description: t('sizeHealthWhat') },
  ];
  const lambdas = [
    { value: 'merged', label: t('lambdaMerged'), description: t('lambdaMergedWhat') },
    { value: 'raw', label: t('lambdaRaw'), description: t('lambdaRawWhat') },
  ];
  return (
    <div className="rl-map-toolbar">
      <div className="rl-map-search">
        <Input
          type="search"
          ariaLabel={t('find')}
          placeholder={t('findPlaceholder')}
          value={props.search}
          onChange={({ detail }) => props.onSearch(detail.value)}
          onKeyDown={({ detail }) => detail.key === 'Enter' && props.onFind()}
        />
      </div>
      <span className="rl-map-found" role="status">
        {props.found === null ? '' : t('found', { count: props.found })}
      </span>
      <div className="rl-map-choice">
        <Select
          ariaLabel={t('lambda')}
          inlineLabelText={t('lambda')}
          options={lambdas}
          selectedOption={lambdas.find((option) => option.value === lambdaView) ?? null}
          onChange={({ detail }) => change({ lambdaView: detail.selectedOption.value === 'raw' ? 'raw' : 'merged' })}
          expandToViewport
        />
      </div>
      <div className="rl-map-choice">
        <Select
          ariaLabel={t('nodeSize')}
          inlineLabelText={t('nodeSize')}
          options={sizes}
          selectedOption={sizes.find((option) => option.value === nodeSize) ?? null}
          onChange={({ detail }) => change({ nodeSize: detail.selectedOption.value as typeof nodeSize })}
          expandToViewport
        />
      </div>
      <SegmentedControl
        label={t('view')}
        selectedId={props.view}
        options={[
          { id: 'map', text: t('viewMap'), iconName: 'share' },
          { id: 'list', text: t('viewList'), iconName: 'view-full' },
        ]}
        onChange={({ detail }) => props.onView(detail.selectedId === 'list' ? 'list' : 'map')}
      />
    </div>
  );
}

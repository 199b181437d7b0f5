import ExpandableSection from '@cloudscape-design/components/expandable-section';
import { useTranslation } from 'react-i18next';
import { HeatMap, type HeatMapSelection } from '@/components/charts/HeatMap';
import { PageLoading } from '@/components/PageLoading';
import { TroubleAlert } from '@/components/TroubleAlert';
import type { AttributeId } from '@/model/conditions';
import type { Scope } from '@/model/scope';
import { useHeatMap } from '@/query/useHeatMap';
import { Refiners } from './Refiners';

const HEIGHT_PX = 160;

/** How long traces took over time, and beside it what they have in common: both narrow the list. */
export function Overview(props: {
  scope: Scope;
  isOpen: boolean;
  by: AttributeId;
  /** Whether the list has been answered: nothing is asked before. */
  isReady: boolean;
  refreshS: number | undefined;
  onOpen(isOpen: boolean): void;
  onSelect(selection: HeatMapSelection): void;
  onBy(by: AttributeId): void;
  onAdd(condition: string): void;
}) {
  const { t } = useTranslation('traces');
  const { scope, isOpen, by, isReady, refreshS } = props;
  return (
    <ExpandableSection
      variant="container"
      headerText={t('overview')}
      expanded={isOpen}
      onChange={({ detail }) => props.onOpen(detail.expanded)}
    >
      {isOpen && (
        <div className="traces-overview">
          <ResponseTimes scope={scope} isReady={isReady} refreshS={refreshS} onSelect={props.onSelect} />
          <Refiners scope={scope} by={by} isReady={isReady} refreshS={refreshS} onBy={props.onBy} onAdd={props.onAdd} />
        </div>
      )}
    </ExpandableSection>
  );
}

function ResponseTimes(props: {
  scope: Scope;
  isReady: boolean;
  refreshS: number | undefined;
  onSelect(selection: HeatMapSelection): void;
}) {
  const { t } = useTranslation('traces');
  const answer = useHeatMap(props.scope, props.isReady, props.refreshS);
  return (
    <section aria-label={t('heatMap')} className="traces-heat-map">
      <h3>{t('heatMap')}</h3>
      {answer.data ? (
        answer.data.cells.length ? (
          <HeatMap label={t('heatMap')} answer={answer.data} onSelect={props.onSelect} heightPx={HEIGHT_PX} />
        ) : (
          <p className="traces-quiet">{t('heatMapEmpty')}</p>
        )
      ) : answer.error ? (
        // What is wrong with the filter is told once, at the filter.
        !answer.error.place && <TroubleAlert trouble={answer.error} onRetry={() => void answer.refetch()} />
      ) : (
        props.isReady && <PageLoading />
      )}
    </section>
  );
}

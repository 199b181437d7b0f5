import Select from '@cloudscape-design/components/select';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { type AttributeId, conditionFor } from '@/model/conditions';
import { formatCount, formatMs, formatShare, visible } from '@/model/format';
import type { Scope } from '@/model/scope';
import { askedScope } from '@/model/traceSets';
import { useSetAttributes, useSetGroups } from '@/query/useTraceSets';
import { attributeFrom, attributeText, REFINERS } from './url';

const MAX_VALUES = 50;
const NODES = ['service', 'entry_point', 'resource_arn', 'availability_zone', 'instance'];

/** What the traces have in common: the values of one attribute, each to be added to the filter. */
export function Refiners(props: {
  scope: Scope;
  by: AttributeId;
  /** Whether to ask yet. */
  isReady: boolean;
  refreshS: number | undefined;
  onBy(by: AttributeId): void;
  onAdd(condition: string): void;
}) {
  const { scope, by, isReady, onBy, onAdd, refreshS } = props;
  const { t, i18n } = useTranslation('traces');
  const answer = useSetGroups(isReady ? askedScope(scope) : null, by, MAX_VALUES, refreshS);
  const isOther = answer.data !== undefined && attributeText(answer.data.attribute) !== attributeText(by);
  const rows = answer.data && !isOther ? answer.data.rows : [];
  const label = by.kind === 'annotation' ? by.key : t(`by_${by.kind as (typeof REFINERS)[number]}`);
  return (
    <section aria-label={t('refineBy')}>
      <AttributePicker scope={scope} isReady={isReady} by={by} onBy={onBy} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so that it must be reached by keyboard */}
      <section className="refiner-values" tabIndex={0} aria-label={label} aria-busy={answer.isFetching}>
        <table className="refiner-table">
          <thead>
            <tr>
              <th scope="col">{t('refineValue')}</th>
              <th scope="col">{t('refineTraces')}</th>
              <th scope="col" title={t('refineFailingWhat')}>
                {t('refineFailing')}
              </th>
              <th scope="col">{t('refineAverage')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <ValueRow key={JSON.stringify(row.value)} row={row} by={by} onAdd={onAdd} />
            ))}
          </tbody>
        </table>
        {!rows.length && answer.isSuccess && !isOther && <p className="traces-quiet">{t('refineEmpty')}</p>}
        {answer.error && <p className="traces-quiet text-as-sent">{visible(answer.error.message)}</p>}
        {answer.data && answer.data.left_out > 0 && !isOther && (
          <p className="traces-quiet">
            {t('refineLeftOut', {
              count: answer.data.left_out,
              number: formatCount(answer.data.left_out, i18n.language),
            })}
          </p>
        )}
      </section>
    </section>
  );
}

function ValueRow(props: { row: Schemas['GroupRowShape']; by: AttributeId; onAdd(condition: string): void }) {
  const { row, by, onAdd } = props;
  const { t, i18n } = useTranslation('traces');
  const { t: shell } = useTranslation();
  const { value } = row;
  const condition = conditionFor(by, value);
  const outcome = by.kind === 'outcome' && typeof value === 'string' ? outcomeText(value) : null;
  const text = value === null ? t('refineNone') : outcome ? shell(outcome) : visible(String(value));
  const failing = row.traces ? (row.error + row.throttle + row.fault) / row.traces : 0;
  return (
    <tr>
      <th scope="row">
        {condition ? (
          <button
            type="button"
            className="refiner-value one-line"
            title={t('refineAdd', { condition })}
            onClick={() => onAdd(condition)}
          >
            {text}
          </button>
        ) : (
          <span className="one-line refiner-value-plain" title={text}>
            {text}
          </span>
        )}
      </th>
      <td>
        <span className="share">
          <span className="share-bar" aria-hidden="true" style={{ width: `${row.share * 100}%` }} />
          <span className="figure">
            {formatCount(row.traces, i18n.language)} <span className="traces-quiet">({formatShare(row.share)})</span>
          </span>
        </span>
      </td>
      <td className={`figure${failing > 0 ? ' outcome-fault' : ''}`}>{formatShare(failing)}</td>
      <td className="figure">{row.average_response_time_ms === null ? '-' : formatMs(row.average_response_time_ms)}</td>
    </tr>
  );
}

function outcomeText(value: string): 'ok' | 'error' | 'throttle' | 'fault' | null {
  return (['ok', 'error', 'throttle', 'fault'] as const).find((outcome) => outcome === value) ?? null;
}

function AttributePicker(props: { scope: Scope; isReady: boolean; by: AttributeId; onBy(by: AttributeId): void }) {
  const { scope, by, isReady, onBy } = props;
  const { t } = useTranslation('traces');
  const attributes = useSetAttributes(isReady ? askedScope(scope) : null).data?.attributes ?? [];
  const option = (kind: (typeof REFINERS)[number]) => ({ value: kind, label: t(`by_${kind}`) });
  const causes = REFINERS.filter((kind) => kind.endsWith('root_cause'));
  const request = REFINERS.filter((kind) => !NODES.includes(kind) && !causes.includes(kind));
  const annotations = attributes
    .filter(({ kind }) => kind === 'annotation')
    .map((attribute) => ({ value: attributeText(attribute), label: visible(attribute.key) }));
  const selected = {
    value: attributeText(by),
    label: by.kind === 'annotation' ? visible(by.key) : t(`by_${by.kind as (typeof REFINERS)[number]}`),
  };
  return (
    <Select
      inlineLabelText={t('refineBy')}
      ariaLabel={t('refineBy')}
      selectedOption={selected}
      filteringType="auto"
      expandToViewport
      options={[
        { label: t('refinerNodes'), options: REFINERS.filter((kind) => NODES.includes(kind)).map(option) },
        { label: t('refinerRequest'), options: request.map(option) },
        { label: t('refinerCauses'), options: causes.map(option) },
        ...(annotations.length ? [{ label: t('refinerAnnotations'), options: annotations }] : []),
      ]}
      onChange={({ detail }) => {
        const chosen = attributeFrom(detail.selectedOption.value ?? null);
        if (chosen) onBy(chosen);
      }}
    />
  );
}

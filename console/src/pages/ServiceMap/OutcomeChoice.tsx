import Checkbox from '@cloudscape-design/components/checkbox';
import { useTranslation } from 'react-i18next';
import { OUTCOMES, type Outcome } from '@/graph/measures';
import type { Statistics } from '@/graph/types';
import { formatCount, formatShare } from '@/model/format';

/** What requests came to, each to be ticked: with count, share and a bar as long as the share. */
export function OutcomeChoice(props: {
  statistics: Statistics;
  chosen: readonly Outcome[];
  /** null where there is nothing to choose for */
  onChange: ((chosen: Outcome[]) => void) | null;
}) {
  const { t, i18n } = useTranslation(['map', 'shell']);
  const { statistics, chosen, onChange } = props;
  return (
    // no FormField: it would name every box after the whole
    <fieldset className="rl-map-outcomes">
      <legend>{t('outcomes')}</legend>
      {onChange && <p>{t('outcomesWhat')}</p>}
      {OUTCOMES.map((outcome) => {
        const count = statistics[outcome];
        const share = statistics.requests ? count / statistics.requests : 0;
        const figures = `${formatCount(count, i18n.language)} (${formatShare(share)})`;
        return (
          <div key={outcome} className="rl-map-outcome" data-outcome={outcome}>
            {onChange ? (
              <Checkbox
                checked={chosen.includes(outcome)}
                ariaLabel={`${t(`shell:${outcome}`)}, ${figures}`}
                onChange={({ detail }) =>
                  onChange(OUTCOMES.filter((each) => (each === outcome ? detail.checked : chosen.includes(each))))
                }
              >
                {t(`shell:${outcome}`)}
              </Checkbox>
            ) : (
              <span>{t(`shell:${outcome}`)}</span>
            )}
            <svg className="rl-map-share" width="72" height="10" aria-hidden="true">
              <rect width="72" height="10" rx="2" />
              <rect data-outcome={outcome} width={72 * share} height="10" rx="2" />
            </svg>
            <span>{figures}</span>
          </div>
        );
      })}
    </fieldset>
  );
}

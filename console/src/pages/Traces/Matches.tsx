import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { OutcomeBadge } from '@/components/OutcomeBadge';
import { conditionFor } from '@/model/conditions';
import { formatCount } from '@/model/format';

const OUTCOMES = ['ok', 'error', 'throttle', 'fault', 'unfinished'] as const;

/** How many traces match and how they ended; each ending narrows the list. */
export function Matches(props: { answer: Schemas['OverviewAnswer'] | undefined; onAdd(condition: string): void }) {
  const { answer, onAdd } = props;
  const { t, i18n } = useTranslation('traces');
  const { t: shell } = useTranslation();
  return (
    <div className="matches">
      <span role="status">{answer ? t('match', { count: answer.traces }) : '\u00a0'}</span>
      {answer && answer.traces > 0 && (
        <ul className="chips" aria-label={t('outcomes')}>
          {OUTCOMES.filter((outcome) => answer.outcomes[outcome] > 0).map((outcome) => {
            const condition = conditionFor({ kind: 'outcome', key: '' }, outcome === 'unfinished' ? null : outcome);
            const count = answer.outcomes[outcome];
            return (
              <li key={outcome}>
                <button
                  type="button"
                  className="chip"
                  aria-label={t('chip', { outcome: shell(outcome), count })}
                  onClick={() => condition && onAdd(condition)}
                >
                  <OutcomeBadge outcome={outcome} /> {formatCount(count, i18n.language)}
                </button>
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}

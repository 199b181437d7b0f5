import { useTranslation } from 'react-i18next';
import { formatShare } from '@/model/format';
import './outcomes.css';

export const OUTCOMES = ['ok', 'error', 'throttle', 'fault', 'unfinished'] as const;
export type OutcomeCounts = Partial<Record<(typeof OUTCOMES)[number], number>>;

/** How many ended in which way, as one bar; its text is read to those who do not see it. */
export function OutcomeBar(props: { counts: OutcomeCounts; label?: string }) {
  const { t } = useTranslation();
  const total = OUTCOMES.reduce((sum, outcome) => sum + (props.counts[outcome] ?? 0), 0);
  const present = OUTCOMES.filter((outcome) => props.counts[outcome]);
  const text = present
    .map((outcome) => `${t(outcome)} ${formatShare((props.counts[outcome] ?? 0) / total)}`)
    .join(', ');
  return (
    <div className="outcome-bar" role="img" aria-label={[props.label, text].filter(Boolean).join(': ')} title={text}>
      {present.map((outcome) => (
        <span
          key={outcome}
          className={`outcome-part outcome-ground-${outcome}`}
          style={{ flexGrow: props.counts[outcome] ?? 0 }}
        />
      ))}
    </div>
  );
}

/** The share of all that ended in an error, a throttle or a fault. */
export function failedShare(counts: OutcomeCounts, total: number): number {
  return total ? ((counts.error ?? 0) + (counts.throttle ?? 0) + (counts.fault ?? 0)) / total : 0;
}

import { useTranslation } from 'react-i18next';
import type { Outcome } from '@/model/traceTree';
import { type Mark, SpanIcon } from './SpanIcon';

const MARKS: Record<Outcome, Mark> = {
  ok: 'ok',
  error: 'error',
  throttle: 'throttle',
  fault: 'fault',
  unfinished: 'inProgress',
};

/** How something answered: a shape, a colour and a word. */
export function OutcomeBadge(props: { outcome: Outcome }) {
  const { t } = useTranslation();
  return (
    <span className={`outcome-badge mark-${props.outcome}`}>
      <SpanIcon mark={MARKS[props.outcome]} text="" />
      {t(props.outcome)}
    </span>
  );
}

import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';

type Outcome = Schemas['OutcomeName'];

/** Told apart by shape as well as by colour. */
const SIGNS: Record<Outcome, string> = { ok: '●', error: '▲', throttle: '◆', fault: '■', unfinished: '○' };

/** How a trace ended, in words. */
export function OutcomeBadge(props: { outcome: Outcome }) {
  const { t } = useTranslation();
  const { outcome } = props;
  return (
    <span className={`outcome outcome-${outcome}`}>
      <span aria-hidden="true">{SIGNS[outcome]}</span> {t(outcome)}
    </span>
  );
}

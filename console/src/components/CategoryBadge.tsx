import { useTranslation } from 'react-i18next';
import type { Category } from '@/model/insights';
import { type Mark, SpanIcon } from './SpanIcon';

const MARKS: Record<Category, Mark> = { response_time: 'slow', error_rate: 'fault', throttling: 'throttle' };

/** What left its expected range: a shape, a colour and a word. */
export function CategoryBadge(props: { category: Category }) {
  const { t } = useTranslation();
  return (
    <span className="outcome-badge">
      <SpanIcon mark={MARKS[props.category]} text="" />
      {t(`category_${props.category}`)}
    </span>
  );
}

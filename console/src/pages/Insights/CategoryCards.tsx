import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { type Mark, SpanIcon } from '@/components/SpanIcon';
import { CATEGORIES, type Category } from '@/model/insights';
import './insights.css';

const MARKS: Record<Category, Mark> = { response_time: 'slow', error_rate: 'fault', throttling: 'throttle' };

/** How many incidents there are of each category; choosing one lists only these. */
export function CategoryCards(props: {
  counts: readonly Schemas['CategoryCount'][];
  chosen: Category | null;
  onChoose(category: Category | null): void;
}) {
  const { t } = useTranslation('insights');
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset groups fields of a form
    <div className="insight-cards" role="group" aria-label={t('categories')}>
      {CATEGORIES.map((category) => {
        const { active, closed } = props.counts.find((count) => count.category === category) ?? {
          active: 0,
          closed: 0,
        };
        const isChosen = props.chosen === category;
        return (
          <button
            key={category}
            type="button"
            className="insight-card"
            aria-pressed={isChosen}
            onClick={() => props.onChoose(isChosen ? null : category)}
          >
            <span className="insight-card-title">
              <SpanIcon mark={MARKS[category]} text="" />
              {t(`category_${category}`)}
            </span>
            <span className="insight-card-figures">
              <span className="insight-card-active" data-some={active > 0 || undefined}>
                {t('activeCount', { count: active })}
              </span>
              <span className="insight-card-closed">{t('closedCount', { count: closed })}</span>
            </span>
            <span className="insight-card-hint">{t(isChosen ? 'theseOnly' : 'onlyThese')}</span>
          </button>
        );
      })}
    </div>
  );
}

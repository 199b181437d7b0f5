import type { Insight } from '@/model/insights';
import type { InsightsView } from './url';

/** The insights of a state and a category, in the order they came; the server knows no category. */
export function matching(insights: readonly Insight[], view: Pick<InsightsView, 'state' | 'category'>): Insight[] {
  return insights.filter(
    ({ state, categories }) =>
      (view.state === null || state === view.state) && (view.category === null || categories.includes(view.category)),
  );
}

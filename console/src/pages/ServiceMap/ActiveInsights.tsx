import Alert from '@cloudscape-design/components/alert';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useTranslation } from 'react-i18next';
import { InnerLink } from '@/components/InnerLink';
import { visible } from '@/model/format';
import type { Insight } from '@/model/insights';
import { type Scope, scopeQuery } from '@/model/scope';
import { insightUrl } from '@/pages/Insight/url';

/** The incidents that last and concern what is selected, each leading to itself. */
export function ActiveInsights(props: { insights: readonly Insight[]; scope: Scope }) {
  const { t } = useTranslation(['map', 'shell']);
  if (props.insights.length === 0) return null;
  return (
    <SpaceBetween size="xs">
      {props.insights.map((insight) => (
        <Alert key={insight.id} type="warning" header={t('activeInsight')}>
          <div className="text-as-sent" lang="en">
            {visible(insight.summary)}
          </div>
          <InnerLink to={insightUrl(insight.id, scopeQuery({ ...props.scope, filter: '' }))}>
            {t('openInsight')}
          </InnerLink>
        </Alert>
      ))}
    </SpaceBetween>
  );
}

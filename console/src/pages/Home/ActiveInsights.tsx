import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import { useTranslation } from 'react-i18next';
import { InnerLink } from '@/components/InnerLink';
import { formatLength, formatShare, visible } from '@/model/format';
import { leadingWatch, learnedShare, lengthOf, type Watch } from '@/model/insights';
import type { Scope } from '@/model/scope';
import { insightUrl } from '@/pages/Insight/url';
import { insightsUrl } from '@/pages/Insights/url';
import { useActiveInsights } from '@/query/useInsights';
import './home.css';

const SHOWN = 3;
const INDICATORS: Record<Watch['state'], StatusIndicatorProps.Type> = {
  off: 'stopped',
  no_traffic: 'pending',
  learning: 'in-progress',
  watching: 'success',
  behind: 'warning',
};

/** The incidents that last, or in a line why there are none. */
export function ActiveInsights(props: { scope: Scope }) {
  const { t, i18n } = useTranslation(['home', 'shell']);
  const { group } = props.scope;
  const { data } = useActiveInsights(group);
  const watch = data ? leadingWatch(data.watches) : null;
  // The place of the line is kept while it is on its way.
  if (!data || !watch) return <div className="home-watch" />;
  const all = <InnerLink to={insightsUrl({ group })}>{t('allInsights')}</InnerLink>;
  if (data.total === 0) {
    return (
      <div className="home-watch">
        <StatusIndicator type={INDICATORS[watch.state]}>
          {t(`watch_${watch.state}`, { share: formatShare(learnedShare(watch)) })}
        </StatusIndicator>
        {all}
      </div>
    );
  }
  return (
    <Container
      header={
        <Header variant="h2" counter={`(${data.total})`} actions={all}>
          {t('activeInsights')}
        </Header>
      }
    >
      <ul className="home-insights">
        {data.insights.slice(0, SHOWN).map((insight) => (
          <li key={insight.id}>
            <StatusIndicator type="error">
              {insight.categories.map((category) => t(`shell:category_${category}`)).join(', ')}
            </StatusIndicator>
            <span lang="en">
              <InnerLink to={insightUrl(insight.id)}>{visible(insight.summary)}</InnerLink>
            </span>
            <span className="home-since">
              {t('insightSince', { length: formatLength(lengthOf(insight, Date.now()), i18n.language) })}
            </span>
          </li>
        ))}
      </ul>
    </Container>
  );
}

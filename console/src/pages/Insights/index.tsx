import Box from '@cloudscape-design/components/box';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useTranslation } from 'react-i18next';
import { PageLoading } from '@/components/PageLoading';
import { ScopeBar } from '@/components/ScopeBar';
import { TroubleAlert } from '@/components/TroubleAlert';
import { useInsights } from '@/query/useInsights';
import { CategoryCards } from './CategoryCards';
import { InsightTable } from './InsightTable';
import { useInsightsView } from './url';
import { Watches } from './Watches';
import './insights.css';

/** The incidents of a time, and what is watched so that there are any. */
export default function Insights() {
  const { t } = useTranslation('insights');
  const [view, change] = useInsightsView();
  const { data, error, refetch } = useInsights(view.range, view.group);
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description={t('what')}
          actions={
            <ScopeBar
              scope={{ range: view.range, group: view.group, filter: '' }}
              onChange={({ range, group }) => change({ range, group })}
            />
          }
        >
          {t('title')}
        </Header>
      }
    >
      <SpaceBetween size="l">
        <TroubleAlert trouble={error} onRetry={() => void refetch()} />
        {data ? (
          <SpaceBetween size="l">
            <Watches watches={data.watches} hasWebhook={data.has_webhook} />
            {/* While nothing can be found, zeros and an empty list would look as if all were well. */}
            {(data.total > 0 || data.watches.some(({ ready }) => ready > 0)) && (
              <SpaceBetween size="l">
                <CategoryCards
                  counts={data.categories}
                  chosen={view.category}
                  onChoose={(category) => change({ category })}
                />
                <InsightTable answer={data} view={view} onView={change} />
              </SpaceBetween>
            )}
          </SpaceBetween>
        ) : (
          !error && <PageLoading />
        )}
        {data && data.insights.length < data.total && (
          <Box color="text-body-secondary">{t('shownOf', { shown: data.insights.length, total: data.total })}</Box>
        )}
      </SpaceBetween>
    </ContentLayout>
  );
}

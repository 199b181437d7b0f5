import Button from '@cloudscape-design/components/button';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import Tabs from '@cloudscape-design/components/tabs';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import type { Schemas } from '@/api/client';
import { PageLoading } from '@/components/PageLoading';
import { quoted } from '@/model/conditions';
import { visible } from '@/model/format';
import { DEFAULT_SCOPE } from '@/model/scope';
import { tracesUrl } from '@/pages/Traces/url';
import { useLabFunction } from '@/query/useLab';
import { FunctionCode } from './FunctionCode';
import { FunctionConfiguration } from './FunctionConfiguration';
import { FunctionLogs } from './FunctionLogs';
import { LabCrumbs } from './LabCrumbs';
import { LabTrouble } from './LabTrouble';
import { PairTable } from './PairTable';
import { FUNCTION_TABS, type FunctionTab, LAB_FUNCTIONS, tabFrom } from './url';

/** One function: its code, how it is set, its log and its tags. */
export function FunctionPage() {
  const { t } = useTranslation('lab');
  const { name = '' } = useParams();
  const navigate = useNavigate();
  const { data, error, refetch } = useLabFunction(name);
  return (
    <ContentLayout
      breadcrumbs={<LabCrumbs list={t('functions')} listUrl={LAB_FUNCTIONS} name={name} />}
      header={
        <Header
          variant="h1"
          actions={
            <Button onClick={() => navigate(tracesUrl({ ...DEFAULT_SCOPE, filter: `service(${quoted(name)})` }))}>
              {t('viewTraces')}
            </Button>
          }
        >
          <span className="text-as-sent">{visible(name)}</span>
        </Header>
      }
    >
      {data ? (
        <Parts answer={data} />
      ) : error?.code === 'not_found' ? (
        // The function is gone; its log may be there still.
        <FunctionLogs name={name} />
      ) : error ? (
        <LabTrouble trouble={error} onRetry={() => void refetch()} />
      ) : (
        <PageLoading />
      )}
    </ContentLayout>
  );
}

function Parts(props: { answer: Schemas['LabFunctionAnswer'] }) {
  const { t } = useTranslation('lab');
  const [query, setQuery] = useSearchParams();
  const own = props.answer.function;
  const contents: Record<FunctionTab, ReactNode> = {
    code: <FunctionCode source={props.answer.source} handler={own.handler} />,
    configuration: <FunctionConfiguration of={own} />,
    logs: <FunctionLogs name={own.name} />,
    tags: <PairTable pairs={own.tags} label={t('tags')} />,
  };
  return (
    <Tabs
      variant="container"
      activeTabId={tabFrom(query, FUNCTION_TABS)}
      onChange={({ detail }) => setQuery({ tab: detail.activeTabId }, { replace: true })}
      tabs={FUNCTION_TABS.map((id) => ({ id, label: t(id), content: contents[id] }))}
    />
  );
}

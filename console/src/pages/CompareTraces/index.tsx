import './compareTraces.css';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { PageLoading } from '@/components/PageLoading';
import { TroubleAlert } from '@/components/TroubleAlert';
import { traceIdOf } from '@/model/traceId';
import { useCompareTraces } from '@/query/useCompareTraces';
import { FactsTable } from './FactsTable';
import { IdFields } from './IdFields';
import { PathsTable } from './PathsTable';
import { TraceSide } from './TraceSide';
import { type CompareState, compareQuery, compareStateFrom } from './url';

export default function CompareTraces() {
  const { t } = useTranslation('compareTraces');
  const [query, setQuery] = useSearchParams();
  const state = useMemo(() => compareStateFrom(query), [query]);
  const change = useCallback(
    (values: Partial<CompareState>) =>
      setQuery((before) => compareQuery({ ...compareStateFrom(before), ...values }), { replace: 'change' in values }),
    [setQuery],
  );
  const a = traceIdOf(state.a);
  const b = traceIdOf(state.b);
  const { data, error, refetch } = useCompareTraces(a, b);
  const isThis = data !== undefined && data.a.id === a && data.b.id === b;
  return (
    <SpaceBetween size="l">
      <Header
        variant="h1"
        description={t('what')}
        actions={
          <Button iconName="arrow-right" disabled={!a || !b} onClick={() => change({ a: state.b, b: state.a })}>
            {t('swap')}
          </Button>
        }
      >
        {t('title')}
      </Header>
      <Container>
        <IdFields key={`${state.a} ${state.b}`} a={state.a} b={state.b} onApply={(ids) => change(ids)} />
      </Container>
      <TroubleAlert trouble={error} onRetry={() => void refetch()} />
      {a && b && !data && !error && <PageLoading />}
      {a && b && data && !(error && !isThis) && (
        <div aria-busy={!isThis} className={isThis ? undefined : 'compare-waiting'}>
          <SpaceBetween size="l">
            <div className="compare-sides">
              <TraceSide side="a" trace={data.a} other={data.b} />
              <TraceSide side="b" trace={data.b} other={data.a} />
            </div>
            <PathsTable paths={data.paths} change={state.change} onChange={(value) => change({ change: value })} />
            <FactsTable facts={data.facts} />
          </SpaceBetween>
        </div>
      )}
    </SpaceBetween>
  );
}

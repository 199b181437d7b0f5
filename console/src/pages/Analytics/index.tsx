import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { PageLoading } from '@/components/PageLoading';
import { ScopeBar } from '@/components/ScopeBar';
import { TroubleAlert } from '@/components/TroubleAlert';
import { responseTimeCondition } from '@/model/conditions';
import { withoutResponseTimes } from '@/model/conjunction';
import { bothOf, type Scope } from '@/model/scope';
import { traceIdOf } from '@/model/traceId';
import { askedB, askedScope, secondsEarlier } from '@/model/traceSets';
import { traceUrl } from '@/pages/Trace/url';
import { useSetOverview } from '@/query/useTraceSets';
import { Compare } from './Compare';
import { Distributions } from './Distributions';
import { GroupBy } from './GroupBy';
import { NothingThere } from './NothingThere';
import { Sets } from './Sets';
import { Summary } from './Summary';
import { useAnalyticsView } from './url';

/** A set of traces at a glance, divided by an attribute, and compared with another set. */
export default function Analytics() {
  const { t } = useTranslation('analytics');
  const navigate = useNavigate();
  const [view, change] = useAnalyticsView();
  const { a: scope, b: setB, groupBy, isComparing } = view;
  const a = useMemo(() => askedScope(scope), [scope]);
  const b = useMemo(() => setB && askedB(scope, setB), [scope, setB]);
  const comparison = useRef<HTMLDivElement>(null);
  const ofA = useSetOverview(a);
  const ofB = useSetOverview(b);
  const setScope = (after: Scope) => change({ a: after });
  const setFilter = (filter: string) => change({ a: { ...scope, filter } });
  return (
    <ContentLayout
      header={
        <Header variant="h1" description={t('what')} actions={<ScopeBar scope={scope} onChange={setScope} />}>
          {t('title')}
        </Header>
      }
    >
      <SpaceBetween size="l">
        <Sets
          a={scope}
          b={setB}
          troubleA={ofA.error}
          troubleB={b ? ofB.error : null}
          onFilter={(filter) => {
            const traceId = traceIdOf(filter);
            if (traceId) navigate(traceUrl(traceId));
            else setFilter(filter);
          }}
          onCompare={() => {
            change({ isComparing: true });
            comparison.current?.scrollIntoView({ behavior: 'smooth', block: 'start' });
          }}
          onB={(after) => change({ b: after, isComparing: isComparing && after !== null })}
        />
        <TroubleAlert trouble={ofA.error} onRetry={() => void ofA.refetch()} />
        {b && <TroubleAlert trouble={ofB.error} onRetry={() => void ofB.refetch()} />}
        {!ofA.data ? (
          !ofA.error && <PageLoading />
        ) : ofA.data.traces === 0 ? (
          <NothingThere scope={scope} onScope={setScope} />
        ) : (
          <SpaceBetween size="l">
            <Summary
              a={ofA.data}
              b={b && ofB.data ? ofB.data : null}
              scope={scope}
              onRefine={(condition) => setFilter(bothOf(scope.filter, condition))}
            />
            <Distributions
              a={ofA.data}
              b={b && ofB.data ? ofB.data : null}
              bEarlier={setB && secondsEarlier(scope, setB)}
              filter={scope.filter}
              onLengths={(range) => {
                const rest = withoutResponseTimes(scope.filter);
                setFilter(range ? bothOf(rest, responseTimeCondition(range.fromMs, range.toMs)) : rest);
              }}
              onTimes={({ start, end }) =>
                setScope({ ...scope, range: { kind: 'between', ...wholeSeconds(start, end) } })
              }
            />
            <GroupBy
              scope={scope}
              a={a}
              b={b}
              whole={ofA.data}
              attribute={groupBy}
              onAttribute={(attribute) => change({ groupBy: attribute })}
              onFilter={setFilter}
              onCompare={(filter, other) => change({ a: { ...scope, filter }, b: other, isComparing: true })}
            />
            <div ref={comparison} className="comparison">
              <Compare
                scope={scope}
                a={a}
                b={b}
                setB={setB}
                overview={ofA.data}
                isAsked={isComparing}
                onAsk={(filter, other) => change({ a: { ...scope, filter }, b: other, isComparing: true })}
                onCancel={() => change({ isComparing: false })}
                onFilter={setFilter}
              />
            </div>
          </SpaceBetween>
        )}
      </SpaceBetween>
    </ContentLayout>
  );
}

/** Instants of a chart in whole seconds, at least one long. */
function wholeSeconds(start: number, end: number): { start: number; end: number } {
  const first = Math.floor(start);
  return { start: first, end: Math.max(first + 1, Math.ceil(end)) };
}

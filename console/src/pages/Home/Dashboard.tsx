import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import ContentLayout from '@cloudscape-design/components/content-layout';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import type { Schemas } from '@/api/client';
import { PageLoading } from '@/components/PageLoading';
import { ScopeBar } from '@/components/ScopeBar';
import { TroubleAlert } from '@/components/TroubleAlert';
import { useScope } from '@/components/useScope';
import { scopeAround } from '@/model/firstTrace';
import { formatInstant } from '@/model/format';
import { bothOf, type Scope } from '@/model/scope';
import { askedB, askedScope } from '@/model/traceSets';
import { analyticsUrl } from '@/pages/Analytics/url';
import { mapUrl } from '@/pages/ServiceMap/url';
import { tracesUrl } from '@/pages/Traces/url';
import { useFewTraces } from '@/query/useHomeFigures';
import { useSetOverview } from '@/query/useTraceSets';
import { ActiveInsights } from './ActiveInsights';
import { EntryPoints } from './EntryPoints';
import { FewTraces } from './FewTraces';
import { Figures } from './Figures';
import { HowToSend } from './HowToSend';
import { OverTime } from './OverTime';
import { isSendingFrom } from './url';
import './home.css';

const BEFORE = { kind: 'other', filter: null, range: 'before', group: null } as const;
const FEW = 5;

/** How the application fares: figures, requests over time, where they enter, and which traces to look at. */
export default function Dashboard(props: { status: Schemas['StatusAnswer'] }) {
  const { t } = useTranslation('home');
  const navigate = useNavigate();
  const [scope, changeScope] = useScope();
  const isSending = isSendingFrom(useSearchParams()[0]);
  const sending = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isSending) sending.current?.scrollIntoView({ block: 'start' });
  }, [isSending]);
  const overview = useSetOverview(useMemo(() => askedScope(scope), [scope]));
  const before = useSetOverview(useMemo(() => askedB(scope, BEFORE), [scope]));
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <ScopeBar scope={scope} onChange={changeScope} />
              <Button variant="primary" onClick={() => navigate(mapUrl(scope))}>
                {t('viewMap')}
              </Button>
            </SpaceBetween>
          }
        >
          {t('title')}
        </Header>
      }
    >
      <SpaceBetween size="l">
        <TroubleAlert trouble={overview.error} onRetry={() => void overview.refetch()} />
        {overview.data ? (
          <SpaceBetween size="l">
            {overview.data.traces === 0 && <Quiet status={props.status} onScope={changeScope} />}
            <ActiveInsights scope={scope} />
            <Figures now={overview.data} before={before.data ?? null} />
          </SpaceBetween>
        ) : (
          !overview.error && <PageLoading />
        )}
        {overview.data && overview.data.traces > 0 && <Details scope={scope} onScope={changeScope} />}
        <Container>
          <div ref={sending} className="home-sending">
            <ExpandableSection
              variant="footer"
              headingTagOverride="h2"
              headerText={t('send')}
              headerDescription={t('sendWhat')}
              defaultExpanded={isSending}
            >
              <HowToSend place={props.status} />
            </ExpandableSection>
          </div>
        </Container>
      </SpaceBetween>
    </ContentLayout>
  );
}

function Quiet(props: { status: Schemas['StatusAnswer']; onScope(scope: Partial<Scope>): void }) {
  const { t, i18n } = useTranslation('home');
  const { newest } = props.status.stored;
  if (newest === null) return null;
  return (
    <Alert
      type="info"
      header={t('quiet')}
      action={<Button onClick={() => props.onScope(scopeAround(newest, props.status.now))}>{t('showNewest')}</Button>}
    >
      {t('quietWhat', { when: formatInstant(newest, i18n.language) })}
    </Alert>
  );
}

function Details(props: { scope: Scope; onScope(scope: Partial<Scope>): void }) {
  const { t } = useTranslation('home');
  const navigate = useNavigate();
  const { scope } = props;
  const slowest = useFewTraces(scope, 'slowest', '', FEW);
  const faults = useFewTraces(scope, 'newest', 'fault', FEW);
  const faulty = { ...scope, filter: bothOf(scope.filter, 'fault') };
  return (
    <SpaceBetween size="l">
      <OverTime
        scope={scope}
        onTimes={({ start, end }) =>
          props.onScope({ range: { kind: 'between', start: Math.floor(start), end: Math.ceil(end) } })
        }
      />
      <EntryPoints scope={scope} />
      <div className="home-columns">
        <FewTraces
          title={t('faults')}
          traces={faults.data?.traces}
          empty={t('noFaults')}
          hasCause
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button
                disabled={!faults.data?.traces.length}
                onClick={() => navigate(analyticsUrl(faulty, { b: { kind: 'rest' }, isComparing: true }))}
              >
                {t('findCause')}
              </Button>
              <Button onClick={() => navigate(tracesUrl(faulty))}>{t('viewAll')}</Button>
            </SpaceBetween>
          }
        />
        <FewTraces
          title={t('slowest')}
          traces={slowest.data?.traces}
          empty={t('noTraces')}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button onClick={() => navigate(analyticsUrl(scope))}>{t('analyze')}</Button>
              <Button onClick={() => navigate(tracesUrl(scope))}>{t('viewAll')}</Button>
            </SpaceBetween>
          }
        />
      </div>
    </SpaceBetween>
  );
}

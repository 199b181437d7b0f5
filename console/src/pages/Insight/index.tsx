import Alert from '@cloudscape-design/components/alert';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import type { Schemas } from '@/api/client';
import { InnerLink } from '@/components/InnerLink';
import { PageLoading } from '@/components/PageLoading';
import { TroubleAlert } from '@/components/TroubleAlert';
import { visible } from '@/model/format';
import { entityText } from '@/model/insights';
import { insightsUrl } from '@/pages/Insights/url';
import { useInsight } from '@/query/useInsights';
import { Band } from './Band';
import { ClientImpact } from './ClientImpact';
import { Differences } from './Differences';
import { drawnOf } from './drawn';
import { Events } from './Events';
import { Exemplars } from './Exemplars';
import { Facts } from './Facts';
import { InsightCrumbs } from './InsightCrumbs';
import { InsightHeader } from './InsightHeader';
import { Spread } from './Spread';
import { Suspects } from './Suspects';
import { useInsightPlace } from './url';
import './insight.css';

/** One incident: what caused it, whom it hurt, how it went on, and which traces show it. */
export default function Insight() {
  const { id = '' } = useParams();
  const { t } = useTranslation('insights');
  const { data, error, refetch } = useInsight(id);
  const name = data ? visible(entityText(data.insight.root_cause.entity, t('unnamed'))) : t('insight');
  useEffect(() => {
    const before = document.title;
    document.title = `${t('title')}: ${name} – raylens`;
    return () => {
      document.title = before;
    };
  }, [t, name]);
  return (
    <SpaceBetween size="l">
      <InsightCrumbs name={name} />
      {data ? (
        <Content answer={data} />
      ) : error?.kind === 'refused' ? (
        <Alert type="warning" header={<h1 className="incident-missing">{t('noSuch')}</h1>}>
          {t('noSuchWhat')} <InnerLink to={insightsUrl()}>{t('backToList')}</InnerLink>
        </Alert>
      ) : error ? (
        <TroubleAlert trouble={error} onRetry={() => void refetch()} />
      ) : (
        <PageLoading />
      )}
    </SpaceBetween>
  );
}

function Content(props: { answer: Schemas['InsightAnswer'] }) {
  const { answer } = props;
  const [place, change] = useInsightPlace();
  const drawn = useMemo(() => drawnOf(answer, place), [answer, place]);
  return (
    <SpaceBetween size="l">
      <InsightHeader answer={answer} />
      <Facts insight={answer.insight} />
      <div className="incident-columns">
        <Suspects suspects={answer.suspects} onChoose={(of, signal) => change({ of, signal })} />
        <ClientImpact answer={answer} />
      </div>
      <Spread
        answer={answer}
        drawn={drawn}
        isWhole={place.isWhole}
        onWhole={(isWhole) => change({ isWhole })}
        onDraw={(of) => change({ of, signal: null })}
      />
      <Band
        answer={answer}
        drawn={drawn}
        onDraw={(of) => change({ of, signal: null })}
        onSignal={(signal) => change({ signal })}
      />
      <div className="incident-columns">
        <Events events={answer.events} />
        <Exemplars exemplars={answer.exemplars} />
      </div>
      <Differences answer={answer} />
    </SpaceBetween>
  );
}

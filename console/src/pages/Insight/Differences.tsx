import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { Schemas } from '@/api/client';
import { Findings } from '@/components/findings/Findings';
import { TroubleAlert } from '@/components/TroubleAlert';
import { visible } from '@/model/format';
import { bothOf, type Scope, scopeOfSet } from '@/model/scope';
import { askedScope } from '@/model/traceSets';
import { tracesUrl } from '@/pages/Traces/url';
import { useCompareSets } from '@/query/useTraceSets';
import './insight.css';

/** What sets the traces of an incident apart from normal ones: in short as it was found, in full on demand. */
export function Differences(props: { answer: Schemas['InsightAnswer'] }) {
  const { t } = useTranslation('insights');
  const { anomalous_set, normal_set, findings } = props.answer;
  // While an incident lasts its set grows: what is compared stays as it was when it was asked.
  const [asked, setAsked] = useState<{ a: Scope; b: Scope } | null>(null);
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={t('differencesWhat')}
          actions={
            normal_set && (
              <Button
                disabled={asked !== null}
                onClick={() => setAsked({ a: scopeOfSet(anomalous_set), b: scopeOfSet(normal_set) })}
              >
                {t('compareMore')}
              </Button>
            )
          }
        >
          {t('differences')}
        </Header>
      }
    >
      <SpaceBetween size="m">
        {findings.length > 0 ? (
          <ul className="incident-findings">
            {findings.map((finding) => (
              <li key={finding} className="text-as-sent" lang="en">
                {visible(finding)}
              </li>
            ))}
          </ul>
        ) : (
          <Box color="text-body-secondary">{t(normal_set ? 'noDifferences' : 'noNormal')}</Box>
        )}
        {asked && <Comparison a={asked.a} b={asked.b} />}
      </SpaceBetween>
    </Container>
  );
}

function Comparison(props: { a: Scope; b: Scope }) {
  const { t } = useTranslation('insights');
  const navigate = useNavigate();
  const { a, b } = props;
  const { data, error, refetch } = useCompareSets(askedScope(a), askedScope(b), true);
  if (error) return <TroubleAlert trouble={error} onRetry={() => void refetch()} />;
  if (!data) {
    return (
      <div role="status">
        <Spinner /> {t('comparing')}
      </div>
    );
  }
  return (
    <SpaceBetween size="s">
      <Box>
        <span className="text-as-sent" lang="en">
          {visible(data.summary)}
        </span>
      </Box>
      <Findings
        answer={data}
        onTraces={(condition) => void navigate(tracesUrl({ ...a, filter: bothOf(a.filter, condition) }))}
      />
    </SpaceBetween>
  );
}

import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import Tabs from '@cloudscape-design/components/tabs';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { Schemas } from '@/api/client';
import { Findings } from '@/components/findings/Findings';
import { TroubleAlert } from '@/components/TroubleAlert';
import { formatCount, visible } from '@/model/format';
import { bothOf, type Scope } from '@/model/scope';
import type { AskedSet, SetB } from '@/model/traceSets';
import { tracesUrl } from '@/pages/Traces/url';
import { useCompareSets } from '@/query/useTraceSets';
import { AttributeTable } from './AttributeTable';
import { PathTable } from './PathTable';

const FAILED = 'error OR throttle OR fault';

/** What sets A apart from B, once it is asked for. */
export function Compare(props: {
  scope: Scope;
  a: AskedSet;
  b: AskedSet | null;
  setB: SetB | null;
  overview: Schemas['OverviewAnswer'];
  isAsked: boolean;
  onAsk(filter: string, b: SetB): void;
  onCancel(): void;
  onFilter(filter: string): void;
}) {
  const { t } = useTranslation('analytics');
  const { scope, setB, isAsked } = props;
  const isRest = setB === null || setB.kind === 'rest';
  const isEverything = isRest && !scope.filter.trim();
  const isEnabled = isAsked && !isEverything;
  const found = useCompareSets(props.a, isRest ? null : props.b, isEnabled);
  const client = useQueryClient();
  const cancel = () => {
    void client.cancelQueries({ queryKey: ['compare'] });
    props.onCancel();
  };
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={t('compareWhat')}
          actions={
            found.isFetching ? (
              <Button onClick={cancel}>{t('cancel')}</Button>
            ) : (
              <Button
                variant={found.data ? 'normal' : 'primary'}
                disabled={isEverything}
                onClick={() => {
                  if (isEnabled) void found.refetch();
                  else props.onAsk(scope.filter, setB ?? { kind: 'rest' });
                }}
              >
                {isEnabled && found.data ? t('compareAgain') : t('compareNow')}
              </Button>
            )
          }
        >
          {t('compare')}
        </Header>
      }
    >
      {isEverything ? (
        <Suggestions scope={scope} overview={props.overview} onAsk={props.onAsk} />
      ) : !isEnabled ? (
        <Box color="text-body-secondary">{t('compareHint')}</Box>
      ) : found.isFetching ? (
        <div role="status">
          <Spinner /> {t('comparing')}
        </div>
      ) : found.error ? (
        <TroubleAlert trouble={found.error} onRetry={() => void found.refetch()} />
      ) : (
        found.data && <Result answer={found.data} scope={scope} onFilter={props.onFilter} />
      )}
    </Container>
  );
}

/** What people want to know of all traces: what the failed, the slow, or those of now have in common. */
function Suggestions(props: {
  scope: Scope;
  overview: Schemas['OverviewAnswer'];
  onAsk(filter: string, b: SetB): void;
}) {
  const { t } = useTranslation('analytics');
  const { scope, overview } = props;
  const { error, throttle, fault } = overview.outcomes;
  const slowMs = overview.response_time.percentiles?.p90_ms;
  return (
    <SpaceBetween size="s">
      <Box>{t('compareAll')}</Box>
      <SpaceBetween direction="horizontal" size="xs">
        <Button
          disabled={!(error + throttle + fault)}
          onClick={() => props.onAsk(bothOf(scope.filter, FAILED), { kind: 'rest' })}
        >
          {t('compareFailed')}
        </Button>
        <Button
          disabled={slowMs === undefined}
          onClick={() =>
            props.onAsk(bothOf(scope.filter, `responsetime > ${Number(((slowMs ?? 0) / 1000).toPrecision(6))}`), {
              kind: 'rest',
            })
          }
        >
          {t('compareSlow')}
        </Button>
        <Button
          onClick={() => props.onAsk(scope.filter, { kind: 'other', filter: null, range: 'before', group: null })}
        >
          {t('compareBefore')}
        </Button>
      </SpaceBetween>
    </SpaceBetween>
  );
}

function Result(props: { answer: Schemas['CompareAnswer']; scope: Scope; onFilter(filter: string): void }) {
  const { t, i18n } = useTranslation('analytics');
  const navigate = useNavigate();
  const { answer, scope, onFilter } = props;
  const refine = (condition: string) => onFilter(bothOf(scope.filter, condition));
  const facts = [
    answer.tests ? t('testCount', { count: answer.tests }) : '',
    answer.overlap ? t('overlap', { count: answer.overlap }) : '',
    answer.a.sampled || answer.b.sampled
      ? t('sampled', {
          a: formatCount(answer.a.sampled, i18n.language),
          b: formatCount(answer.b.sampled, i18n.language),
        })
      : '',
  ].filter(Boolean);
  return (
    <SpaceBetween size="m">
      <Alert type={answer.state === 'too_few' ? 'warning' : 'info'} header={t(STATES[answer.state])}>
        <SpaceBetween size="xxs">
          <span className="text-as-sent" lang="en">
            {visible(answer.summary)}
          </span>
          {answer.notes.map((note) => (
            <span key={note} className="text-as-sent" lang="en">
              {visible(note)}
            </span>
          ))}
          {answer.state === 'too_few' ? t('tooFewWhat') : <small>{facts.join(' ')}</small>}
        </SpaceBetween>
      </Alert>
      <Tabs
        tabs={[
          {
            id: 'findings',
            label: `${t('findings')} (${answer.findings.length + answer.path_findings.length})`,
            content: (
              <Findings
                answer={answer}
                onRefine={refine}
                onTraces={(condition) => navigate(tracesUrl({ ...scope, filter: bothOf(scope.filter, condition) }))}
              />
            ),
          },
          {
            id: 'attributes',
            label: `${t('attributes')} (${answer.attributes.length})`,
            content: (
              <AttributeTable
                differences={answer.attributes}
                tracesA={answer.a.traces}
                tracesB={answer.b.traces}
                empty={t('noFindings')}
                onRefine={refine}
              />
            ),
          },
          {
            id: 'paths',
            label: `${t('paths')} (${answer.paths.length})`,
            content: <PathTable paths={answer.paths} />,
          },
          {
            id: 'defining',
            label: `${t('defining')} (${answer.defining.length})`,
            content: (
              <SpaceBetween size="s">
                <Box color="text-body-secondary">{t('definingWhat')}</Box>
                <AttributeTable
                  differences={answer.defining}
                  tracesA={answer.a.traces}
                  tracesB={answer.b.traces}
                  empty={t('noDefining')}
                  onRefine={refine}
                />
              </SpaceBetween>
            ),
          },
        ]}
      />
    </SpaceBetween>
  );
}

const STATES = { too_few: 'tooFew', no_difference: 'noDifference', different: 'different' } as const;

import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { Schemas } from '@/api/client';
import { OUTCOMES, OutcomeBar } from '@/components/OutcomeBar';
import { conditionFor } from '@/model/conditions';
import { formatCount, formatMs, formatShare } from '@/model/format';
import type { Scope } from '@/model/scope';
import { mapUrl } from '@/pages/ServiceMap/url';
import { tracesUrl } from '@/pages/Traces/url';
import { SetMark } from './SetMark';

type Overview = Schemas['OverviewAnswer'];
interface Row {
  letter: 'A' | 'B';
  of: Overview;
}

/** Both sets in one line each: how many traces, how they ended and how long they took. */
export function Summary(props: { a: Overview; b: Overview | null; scope: Scope; onRefine(condition: string): void }) {
  const { t, i18n } = useTranslation('analytics');
  const navigate = useNavigate();
  const rows: Row[] = [{ letter: 'A', of: props.a }, ...(props.b ? [{ letter: 'B' as const, of: props.b }] : [])];
  const length = (ms: number | null | undefined) => <div className="number">{ms == null ? '–' : formatMs(ms)}</div>;
  return (
    <Table<Row>
      variant="container"
      header={
        <Header
          variant="h2"
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button onClick={() => navigate(mapUrl(props.scope))}>{t('viewMap')}</Button>
              <Button onClick={() => navigate(tracesUrl(props.scope))}>{t('viewTraces')}</Button>
            </SpaceBetween>
          }
        >
          {t('atAGlance')}
        </Header>
      }
      items={rows}
      trackBy="letter"
      columnDefinitions={[
        { id: 'set', header: t('set'), cell: (row) => <SetMark letter={row.letter} />, isRowHeader: true },
        {
          id: 'traces',
          header: <div className="number">{t('traces')}</div>,
          cell: (row) => <div className="number">{formatCount(row.of.traces, i18n.language)}</div>,
        },
        {
          id: 'outcomes',
          header: t('outcomes'),
          cell: (row) => <Outcomes of={row.of} onRefine={row.letter === 'A' ? props.onRefine : null} />,
        },
        {
          id: 'average',
          header: <div className="number">{t('average')}</div>,
          cell: (row) => length(row.of.average_response_time_ms),
        },
        ...(['p50', 'p90', 'p95', 'p99'] as const).map((name) => ({
          id: name,
          header: <div className="number">{name.toUpperCase()}</div>,
          cell: (row: Row) => length(row.of.response_time.percentiles?.[`${name}_ms`]),
        })),
      ]}
    />
  );
}

function Outcomes(props: { of: Overview; onRefine: ((condition: string) => void) | null }) {
  const { t, i18n } = useTranslation('analytics');
  const { t: shell } = useTranslation();
  const { of, onRefine } = props;
  return (
    <div className="outcome-cell">
      <OutcomeBar counts={of.outcomes} />
      <div className="outcome-chips">
        {OUTCOMES.filter((outcome) => of.outcomes[outcome]).map((outcome) => {
          const text = `${shell(outcome)} ${formatCount(of.outcomes[outcome], i18n.language)}`;
          const share = formatShare(of.outcomes[outcome] / of.traces);
          const condition = conditionFor({ kind: 'outcome', key: '' }, outcome === 'unfinished' ? null : outcome);
          return (
            <span className="outcome-chip" key={outcome}>
              <span className={`outcome-dot outcome-ground-${outcome}`} />
              {onRefine && condition ? (
                <Button
                  variant="inline-link"
                  ariaLabel={t('refineTo', { outcome: text })}
                  onClick={() => onRefine(condition)}
                >
                  {text}
                </Button>
              ) : (
                <span>{text}</span>
              )}
              <Box variant="span" color="text-body-secondary">
                {share}
              </Box>
            </span>
          );
        })}
      </div>
    </div>
  );
}

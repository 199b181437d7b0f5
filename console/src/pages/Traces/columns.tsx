import type { TableProps } from '@cloudscape-design/components/table';
import type { TFunction } from 'i18next';
import type { Schemas } from '@/api/client';
import { OutcomeBadge } from '@/components/OutcomeBadge';
import { formatInstant, formatMs, visible } from '@/model/format';
import { TraceLink } from './TraceLink';

export type TraceRow = Schemas['TraceRow'];
type Column = TableProps.ColumnDefinition<TraceRow> & { id: ColumnId };

/** Every column, in the usual order. */
export const COLUMN_IDS = [
  ...(['start', 'age', 'id', 'outcome', 'status', 'method', 'responseTime', 'url', 'duration', 'entry'] as const),
  ...(['services', 'users', 'clientIp', 'userAgent', 'annotations', 'cause'] as const),
] as const;
export type ColumnId = (typeof COLUMN_IDS)[number];

export const USUAL_COLUMNS: readonly ColumnId[] = [
  ...(['start', 'id', 'outcome', 'status', 'method', 'responseTime', 'url', 'annotations'] as const),
];

interface Context {
  t: TFunction<'traces'>;
  language: string;
  nowMs: number;
  /** The longest response time shown, of which bars are shares. */
  longestMs: number;
  isNew(id: string): boolean;
}

/** How each column is headed and what stands in it. */
export function columnsOf(context: Context): Column[] {
  const { t, language, nowMs, longestMs } = context;
  const clock = clockOf(language, nowMs);
  const text = (id: ColumnId, width: number, value: (row: TraceRow) => string | null): Column => ({
    id,
    header: t(id as 'method'),
    width,
    minWidth: 60,
    cell: (row) => <OneLine text={value(row)} />,
  });
  return [
    {
      id: 'start',
      header: t('start', { zone: zoneName(language, nowMs) }),
      width: 140,
      minWidth: 100,
      sortingField: 'start',
      cell: (row) => (
        <span className="figure" title={formatInstant(row.start, language, true)}>
          {clock(row.start)}
        </span>
      ),
    },
    {
      id: 'age',
      header: t('age'),
      width: 110,
      minWidth: 80,
      cell: (row) => (
        <span title={formatInstant(row.start, language, true)}>{ageText(nowMs / 1000 - row.start, language)}</span>
      ),
    },
    {
      id: 'id',
      header: t('id'),
      width: 150,
      minWidth: 100,
      isRowHeader: true,
      cell: (row) => (
        <>
          {context.isNew(row.id) && (
            <span role="img" className="new-trace" aria-label={t('newTrace')} title={t('newTrace')} />
          )}
          <TraceLink id={row.id} />
        </>
      ),
    },
    {
      id: 'outcome',
      header: t('outcome'),
      width: 140,
      minWidth: 90,
      cell: (row) => (
        <>
          <OutcomeBadge outcome={row.outcome} />
          {row.is_partial && row.outcome !== 'unfinished' && (
            <small className="outcome-unfinished" title={t('incompleteWhat')}>
              {' '}
              ({t('incomplete')})
            </small>
          )}
        </>
      ),
    },
    { ...text('status', 80, (row) => (row.http_status === null ? null : String(row.http_status))) },
    text('method', 100, (row) => row.http_method),
    {
      id: 'url',
      header: t('url'),
      width: 320,
      minWidth: 120,
      cell: (row) => <Url url={row.http_url} />,
    },
    {
      id: 'responseTime',
      header: t('responseTime'),
      width: 170,
      minWidth: 110,
      sortingField: 'responseTime',
      cell: (row) => <Length ms={row.response_time_ms} longestMs={longestMs} outcome={row.outcome} />,
    },
    text('duration', 110, (row) => (row.duration_ms === null ? null : formatMs(row.duration_ms))),
    text('entry', 180, (row) => row.entry && serviceText(row.entry)),
    text('services', 260, (row) => row.services.map((service) => service.name).join(', ')),
    text('users', 150, (row) => row.users.join(', ')),
    text('clientIp', 130, (row) => row.client_ip),
    text('userAgent', 200, (row) => row.user_agent),
    text('annotations', 280, (row) => annotationsText(row.annotations)),
    text('cause', 240, (row) => row.cause),
  ];
}

function OneLine(props: { text: string | null }) {
  if (!props.text) return <>-</>;
  const text = visible(props.text);
  return (
    <span className="one-line cell-text" title={text}>
      {text}
    </span>
  );
}

/** A URL with what tells it from others first: the host is mostly the same. */
function Url(props: { url: string | null }) {
  if (!props.url) return <>-</>;
  const parts = /^https?:\/\/([^/?#]+)([/?#].*)$/is.exec(props.url);
  if (!parts) return <OneLine text={props.url} />;
  return (
    <span className="one-line cell-text" title={visible(props.url)}>
      <bdi>{visible(parts[2] ?? '')}</bdi> <bdi className="url-host">{visible(parts[1] ?? '')}</bdi>
    </span>
  );
}

/** A length with a bar of its share of the longest. */
function Length(props: { ms: number | null; longestMs: number; outcome: TraceRow['outcome'] }) {
  const { ms, longestMs, outcome } = props;
  if (ms === null) return <>-</>;
  const share = longestMs > 0 ? Math.max(0.01, ms / longestMs) : 0;
  return (
    <span className="length">
      <span className="figure">{formatMs(ms)}</span>
      <span className="length-ground" aria-hidden="true">
        <span className={`length-bar outcome-${outcome}`} style={{ width: `${share * 100}%` }} />
      </span>
    </span>
  );
}

function serviceText(service: Schemas['ServiceShape']): string {
  return service.type ? `${service.name} (${service.type})` : service.name;
}

function annotationsText(annotations: TraceRow['annotations']): string {
  return Object.entries(annotations)
    .map(([key, values]) => `${key}=${values.join(', ')}`)
    .join('  ');
}

/** Times of today as a clock, others with their day; to the millisecond, for rows are in that order. */
function clockOf(language: string, nowMs: number): (epochS: number) => string {
  const time = new Intl.DateTimeFormat(language, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    hourCycle: 'h23',
  });
  const day = new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric' });
  const today = new Date(nowMs).toDateString();
  return (epochS) => {
    const date = new Date(epochS * 1000);
    if (Number.isNaN(date.getTime())) return String(epochS);
    return date.toDateString() === today ? time.format(date) : `${day.format(date)} ${time.format(date)}`;
  };
}

function zoneName(language: string, nowMs: number): string {
  const parts = new Intl.DateTimeFormat(language, { timeZoneName: 'short' }).formatToParts(nowMs);
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

function ageText(seconds: number, language: string): string {
  const [unit, length] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? (['second', 1] as const);
  return new Intl.RelativeTimeFormat(language, { style: 'short' }).format(-Math.round(seconds / length), unit);
}

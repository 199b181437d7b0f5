import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { InnerLink } from '@/components/InnerLink';
import { OutcomeBadge } from '@/components/OutcomeBadge';
import { formatAge } from '@/model/age';
import { formatCount, formatInstant, formatMs, visible } from '@/model/format';
import { traceUrl } from '@/pages/Trace/url';

/** One of the two traces as a whole. */
export function TraceSide(props: {
  side: 'a' | 'b';
  trace: Schemas['ComparedTrace'];
  other: Schemas['ComparedTrace'];
}) {
  const { t, i18n } = useTranslation('compareTraces');
  const { side, trace, other } = props;
  const request = [trace.http_method, trace.http_url].filter(Boolean).join(' ');
  const more = (trace.response_time_ms ?? 0) - (other.response_time_ms ?? 0);
  const both = trace.response_time_ms !== null && other.response_time_ms !== null;
  const aside =
    both && Math.abs(more) > 0.0005 ? t(more > 0 ? 'longer' : 'shorter', { by: formatMs(Math.abs(more)) }) : '';
  return (
    <div className={`compare-side compare-${side}`}>
      <Container
        header={
          <Header variant="h2">
            <span className="compare-letter">{side.toUpperCase()}</span>{' '}
            <InnerLink to={traceUrl(trace.id)} label={t('openTrace', { id: trace.id })}>
              {trace.id}
            </InnerLink>
          </Header>
        }
      >
        <KeyValuePairs
          columns={2}
          items={[
            {
              label: t('responseTime'),
              value: (
                <span>
                  {trace.response_time_ms === null ? t('inProgress') : formatMs(trace.response_time_ms)}{' '}
                  <span className="compare-faint">{aside}</span>
                </span>
              ),
            },
            {
              label: t('outcome'),
              value: (
                <span>
                  <OutcomeBadge outcome={trace.outcome} />
                  {trace.http_status ? ` · HTTP ${trace.http_status}` : ''}
                </span>
              ),
            },
            {
              label: t('request'),
              value: <span className="text-as-sent">{visible(request.slice(0, 500)) || t('notHttp')}</span>,
            },
            { label: t('spans'), value: formatCount(trace.spans, i18n.language) },
            {
              label: t('start'),
              value: (
                <span>
                  {formatInstant(trace.start, i18n.language, true)}{' '}
                  <span className="compare-faint">({formatAge(trace.start, Date.now(), i18n.language)})</span>
                </span>
              ),
            },
          ]}
        />
      </Container>
    </div>
  );
}

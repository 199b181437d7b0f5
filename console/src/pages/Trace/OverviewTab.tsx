import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { InnerLink } from '@/components/InnerLink';
import { OutcomeBadge } from '@/components/OutcomeBadge';
import { SpanIcon } from '@/components/SpanIcon';
import { formatInstant, formatMs, visible } from '@/model/format';
import { isSet, outcomeOf, SpanFlag, selfUs, skewUs, type TraceTree } from '@/model/traceTree';
import { type Fact, Facts, Sent } from './Facts';
import { marksOf, useRowTexts } from './rowTexts';
import { serviceText } from './SpanPanel';
import { traceUrl } from './url';

/** What a span is, when it ran, and what was asked and answered. */
export function OverviewTab(props: {
  span: Schemas['SpanAnswer'];
  tree: TraceTree;
  position: number;
  traceStart: number;
}) {
  const { t, i18n } = useTranslation('trace');
  const texts = useRowTexts(0);
  const { span, tree, position } = props;
  const flags = tree.flags[position] ?? 0;
  const self = position < 0 ? null : selfUs(tree, position);
  const lengthMs = span.end === null ? null : (span.end - span.start) * 1000;
  const marks = marksOf(flags);
  const general: Fact[] = [
    [t('name'), span.name],
    [t('service'), span.service && <Sent text={serviceText(span.service)} />],
    [t('kind'), span.is_segment ? t('segment') : t('subsegment')],
    [t('outcome'), <OutcomeBadge key="o" outcome={position < 0 ? span.outcome : outcomeOf(flags)} />],
    [t('id'), <Copied key="id" text={span.id} />],
    [t('parent'), span.parent_id ? <Parent key="p" {...props} id={span.parent_id} /> : t('noParent')],
    [t('namespace'), span.namespace],
    [t('operation'), span.operation],
    [t('user'), span.user],
    [t('subsegments'), span.subsegments || null],
  ];
  const times: Fact[] = [
    [t('start'), formatInstant(span.start, i18n.language, true)],
    [t('startAfter'), `+${formatMs((span.start - props.traceStart) * 1000)}`],
    [t('end'), span.end === null ? t('inProgress') : formatInstant(span.end, i18n.language, true)],
    [t('responseTime'), span.duration_ms === null ? t('inProgress') : durationText(span.duration_ms, lengthMs)],
    [t('self'), self === null ? null : formatMs(self / 1000)],
    [t('held'), position < 0 || !tree.hasPath ? null : formatMs((tree.heldUs[position] ?? 0) / 1000)],
    [t('skew'), isSet(flags, SpanFlag.skewed) ? t('skewedBy', { by: formatMs(skewUs(tree, position) / 1000) }) : null],
    [t('negative'), lengthMs !== null && lengthMs < 0 ? t('negativeBy', { by: formatMs(-lengthMs) }) : null],
  ];
  const http = span.http;
  const request: Fact[] = http
    ? [
        [t('method'), http.method],
        [t('url'), http.url],
        [t('status'), http.status],
        [t('contentLength'), http.content_length?.toLocaleString(i18n.language)],
        [t('clientIp'), http.client_ip],
        [t('userAgent'), http.user_agent],
      ]
    : [];
  return (
    <SpaceBetween size="l">
      <Facts columns={2} facts={general} />
      {marks.length > 0 && (
        <ul className="tl-marks" aria-label={t('marks')}>
          {marks.map((mark) => (
            <li key={mark}>
              <SpanIcon mark={mark} text="" /> {texts.marks[mark]}
            </li>
          ))}
        </ul>
      )}
      <Part title={t('times')} facts={times} />
      {request.length > 0 && <Part title={t('request')} facts={request} />}
      {span.links.length > 0 && (
        <div>
          <Header variant="h3">{t('links')}</Header>
          {span.links.map((link) => (
            <div key={link.trace_id}>
              <InnerLink to={traceUrl(link.trace_id)}>{link.trace_id}</InnerLink>
            </div>
          ))}
        </div>
      )}
    </SpaceBetween>
  );
}

function durationText(ms: number, lengthMs: number | null): string {
  return lengthMs !== null && lengthMs < 0 ? formatMs(lengthMs) : formatMs(ms);
}

function Part(props: { title: string; facts: Fact[] }) {
  return (
    <SpaceBetween size="xs">
      <Header variant="h3">{props.title}</Header>
      <Facts columns={2} facts={props.facts} />
    </SpaceBetween>
  );
}

/** An id with a button that copies it. */
export function Copied(props: { text: string }) {
  const { t } = useTranslation();
  return (
    <CopyToClipboard
      variant="inline"
      copyButtonAriaLabel={t('copy')}
      copySuccessText={t('copied')}
      copyErrorText={t('copyFailed')}
      textToCopy={props.text}
    />
  );
}

function Parent(props: { span: Schemas['SpanAnswer']; tree: TraceTree; id: string }) {
  const { t } = useTranslation('trace');
  const at = props.tree.ids.indexOf(props.id);
  const name = props.tree.names[props.tree.name[at] ?? -1];
  if (at < 0) return <Sent text={t('parentMissing', { id: props.id })} />;
  return (
    <InnerLink to={traceUrl(props.span.trace_id, props.id)} keepsQuery>
      {visible(name ?? '').slice(0, 80) || props.id}
    </InnerLink>
  );
}

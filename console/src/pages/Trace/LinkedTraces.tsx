import Box from '@cloudscape-design/components/box';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { InnerLink } from '@/components/InnerLink';
import { visible } from '@/model/format';
import type { TraceTree } from '@/model/traceTree';
import { traceUrl } from './url';

/** So many are shown at once. */
const FEW = 3;

/** The traces whose messages this one received. */
export function LinkedTraces(props: { links: readonly Schemas['LinkedTrace'][]; tree: TraceTree }) {
  const { t } = useTranslation('trace');
  const { links, tree } = props;
  if (!links.length) return null;
  const list = links.map((link) => {
    const name = tree.names[tree.name[tree.ids.indexOf(link.span_id)] ?? -1] ?? link.span_id;
    return (
      <li key={`${link.span_id} ${link.trace_id}`}>
        <InnerLink to={traceUrl(link.trace_id)}>{link.trace_id}</InnerLink>{' '}
        <span className="json-faint text-as-sent">{t('linkedBy', { name: visible(name).slice(0, 100) })}</span>
      </li>
    );
  });
  const title = t('linked', { count: links.length });
  if (links.length > FEW) {
    return (
      <ExpandableSection headerText={title}>
        <ul className="tl-links">{list}</ul>
      </ExpandableSection>
    );
  }
  return (
    <div>
      <Box variant="awsui-key-label">{title}</Box>
      <ul className="tl-links">{list}</ul>
    </div>
  );
}

import { useLocation } from 'react-router';
import { InnerLink } from '@/components/InnerLink';
import { traceUrl } from '@/pages/Trace/url';

const TAIL = 12;

/**
 * Leads to a trace, which is told where to come back to. Ids begin with the time, which is another column, so that their
 * ends tell them apart.
 */
export function TraceLink(props: { id: string }) {
  const { pathname, search } = useLocation();
  return (
    <span title={props.id} className="code">
      <InnerLink to={traceUrl(props.id)} state={{ from: `${pathname}${search}` }}>
        …{props.id.slice(-TAIL)}
      </InnerLink>
    </span>
  );
}

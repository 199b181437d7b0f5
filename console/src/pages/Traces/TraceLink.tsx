import Link from '@cloudscape-design/components/link';
import { useHref, useNavigate } from 'react-router';
import { traceUrl } from '@/pages/Trace/url';

const TAIL = 12;

/** Leads to a trace. Ids begin with the time, which is another column, so that their ends tell them apart. */
export function TraceLink(props: { id: string }) {
  const { id } = props;
  const to = traceUrl(id);
  const href = useHref(to);
  const navigate = useNavigate();
  return (
    <span title={id} className="code">
      <Link
        href={href}
        onFollow={(event) => {
          event.preventDefault();
          navigate(to);
        }}
      >
        …{id.slice(-TAIL)}
      </Link>
    </span>
  );
}

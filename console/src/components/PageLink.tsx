import Link from '@cloudscape-design/components/link';
import type { ReactNode } from 'react';
import { useHref, useNavigate, useSearchParams } from 'react-router';

/** A link to another place in the console. `keepsQuery` adds what the address asks for besides. */
export function PageLink(props: { to: string; children: ReactNode; keepsQuery?: boolean; label?: string }) {
  const navigate = useNavigate();
  const [query] = useSearchParams();
  const to = props.keepsQuery ? withQuery(props.to, query) : props.to;
  const href = useHref(to);
  return (
    <Link
      href={href}
      {...(props.label ? { ariaLabel: props.label } : {})}
      onFollow={(event) => {
        event.preventDefault();
        navigate(to);
      }}
    >
      <span className="text-as-sent">{props.children}</span>
    </Link>
  );
}

function withQuery(to: string, query: URLSearchParams): string {
  const [path = '', own = ''] = to.split('?');
  const after = new URLSearchParams(query);
  for (const [name, value] of new URLSearchParams(own)) after.set(name, value);
  return `${path}?${after}`;
}

import Link, { type LinkProps } from '@cloudscape-design/components/link';
import type { ReactNode } from 'react';
import { type To, useHref, useNavigate, useSearchParams } from 'react-router';

interface Leaving {
  preventDefault(): void;
}

/** What a link or a button needs to lead to another place in the console; `to` is without the console's own prefix. */
export function useInnerLink(to: To, state?: unknown) {
  const navigate = useNavigate();
  const href = useHref(to);
  const onFollow = (event: Leaving) => {
    event.preventDefault();
    void navigate(to, { state });
  };
  return { href, onFollow };
}

/**
 * A link to another place in the console. `keepsQuery` adds what the address asks for besides; `state` is handed to the
 * page without being part of its address.
 */
export function InnerLink(props: {
  to: string;
  children: ReactNode;
  variant?: LinkProps.Variant;
  keepsQuery?: boolean;
  label?: string;
  state?: unknown;
}) {
  const [query] = useSearchParams();
  const to = props.keepsQuery ? withQuery(props.to, query) : props.to;
  return (
    <Link
      {...useInnerLink(to, props.state)}
      variant={props.variant ?? 'secondary'}
      {...(props.label ? { ariaLabel: props.label } : {})}
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

import Link, { type LinkProps } from '@cloudscape-design/components/link';
import type { ReactNode } from 'react';
import { useHref, useNavigate } from 'react-router';

/** A link to another page of the console; `to` is without the console's own prefix. */
export function InnerLink(props: { to: string; children: ReactNode; variant?: LinkProps.Variant; ariaLabel?: string }) {
  const navigate = useNavigate();
  const href = useHref(props.to);
  return (
    <Link
      href={href}
      variant={props.variant ?? 'secondary'}
      {...(props.ariaLabel ? { ariaLabel: props.ariaLabel } : {})}
      onFollow={(event) => {
        event.preventDefault();
        navigate(props.to);
      }}
    >
      {props.children}
    </Link>
  );
}

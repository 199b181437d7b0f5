import Button, { type ButtonProps } from '@cloudscape-design/components/button';
import { useHref, useNavigate } from 'react-router';

/** A button that leads to another page of the console; `to` is its address. */
export function PageButton(props: { to: string; children: string; variant?: ButtonProps.Variant }) {
  const navigate = useNavigate();
  const href = useHref(props.to);
  return (
    <Button
      variant={props.variant ?? 'normal'}
      href={href}
      onFollow={(event) => {
        event.preventDefault();
        navigate(props.to);
      }}
    >
      {props.children}
    </Button>
  );
}

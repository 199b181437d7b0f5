import Button, { type ButtonProps } from '@cloudscape-design/components/button';
import { useInnerLink } from '@/components/InnerLink';

/** A button that leads to another page of the console; `to` is its address. */
export function PageButton(props: { to: string; children: string; variant?: ButtonProps.Variant }) {
  return (
    <Button variant={props.variant ?? 'normal'} {...useInnerLink(props.to)}>
      {props.children}
    </Button>
  );
}

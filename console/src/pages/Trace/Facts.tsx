import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import type { ReactNode } from 'react';
import { visible } from '@/model/format';

/** One thing that is known; those without a value are left out. */
export type Fact = readonly [label: string, value: ReactNode];

const LONG = 1_000;

/** Facts under their labels. */
export function Facts(props: { facts: readonly Fact[]; columns: number; label?: string }) {
  const items = props.facts
    .filter(([, value]) => value !== null && value !== undefined && value !== '')
    .map(([label, value]) => ({
      label,
      value: typeof value === 'string' || typeof value === 'number' ? <Sent text={String(value)} /> : value,
    }));
  return <KeyValuePairs columns={props.columns} items={items} {...(props.label ? { ariaLabel: props.label } : {})} />;
}

/** Facts beside each other, in as many lines as it takes. */
export function FactStrip(props: { facts: readonly Fact[] }) {
  return (
    <dl className="fact-strip">
      {props.facts
        .filter(([, value]) => value !== null && value !== undefined && value !== '')
        .map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{typeof value === 'string' ? <Sent text={value} /> : value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** A text as it was sent; of one that is too long for a line of facts, the beginning. */
export function Sent(props: { text: string }) {
  const { text } = props;
  return <span className="text-as-sent">{visible(text.length > LONG ? `${text.slice(0, LONG)}…` : text)}</span>;
}

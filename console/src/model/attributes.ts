import type { AttributeKind, AttributeValue } from './conditions';
import { visible } from './format';

/** Under which heading each attribute is listed, in this order; annotations come apart. */
export const ATTRIBUTE_SECTIONS: readonly { section: 'request' | 'causes' | 'where'; kinds: AttributeKind[] }[] = [
  { section: 'request', kinds: ['url', 'method', 'status', 'outcome', 'user', 'user_agent', 'client_ip'] },
  { section: 'causes', kinds: ['response_time_root_cause', 'fault_root_cause', 'error_root_cause'] },
  { section: 'where', kinds: ['service', 'entry_point', 'availability_zone', 'instance', 'resource_arn'] },
];

/** A value as it is read: `none` for having none, and in quotes what would be taken for something else. */
export function valueText(kind: AttributeKind, value: AttributeValue, none: string): string {
  if (value === null) return none;
  if (typeof value !== 'string') return String(value);
  const isOther = kind === 'annotation' && /^(true|false|[+-]?\d+(\.\d+)?)$/.test(value);
  return value === '' || value !== value.trim() || isOther ? `"${visible(value)}"` : visible(value);
}

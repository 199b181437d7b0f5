import type { Schemas } from '@/api/client';

/** What a trace can be grouped by, as the server says it. */
export type AttributeKind = Schemas['AttributeShape']['kind'];

/** One attribute; `key` is that of an annotation, and empty for all other kinds. */
export interface AttributeId {
  kind: AttributeKind;
  key: string;
}

/** A value as the server lists it; null is having none. */
export type AttributeValue = string | number | boolean | null;

const KEYWORDS: Partial<Record<AttributeKind, string>> = {
  url: 'http.url',
  method: 'http.method',
  status: 'http.status',
  user: 'user',
  user_agent: 'http.useragent',
  client_ip: 'http.clientip',
  availability_zone: 'availabilityzone',
  instance: 'instance.id',
  resource_arn: 'resource.arn',
};
const OUTCOMES = ['ok', 'error', 'throttle', 'fault'];
const CAUSES: Partial<Record<AttributeKind, string>> = {
  response_time_root_cause: 'responsetime',
  fault_root_cause: 'fault',
  error_root_cause: 'error',
};

/**
 * The filter expression that selects the traces which the server counts for this value; null where none can be
 * written. It can be joined with others by AND as it is.
 *
 * Root causes are told apart as far as their text tells them apart.
 */
export function conditionFor(attribute: AttributeId, value: AttributeValue): string | null {
  const { kind, key } = attribute;
  if (kind === 'annotation') return annotationCondition(key, value);
  const keyword = KEYWORDS[kind];
  if (keyword) return value === null ? `!${keyword}` : comparison(keyword, kind === 'status' ? Number(value) : value);
  const cause = CAUSES[kind];
  if (cause) return value === null ? `!rootcause.${cause}.service { first }` : causeCondition(cause, String(value));
  if (kind === 'outcome') {
    if (value === null) return `!(${OUTCOMES.join(' OR ')})`;
    return OUTCOMES.includes(String(value)) ? String(value) : null;
  }
  if (kind === 'service') return value === null ? '!service()' : `service(${nodeOf(String(value))})`;
  if (kind === 'entry_point') {
    return value === null ? '!service() { root }' : `service(${nodeOf(String(value))}) { root }`;
  }
  return null;
}

/** The traces that a condition does not select. */
export function exceptFor(condition: string): string {
  return `!(${condition})`;
}

/** Root response times of this range, both ends in. The filter language counts seconds. */
export function responseTimeCondition(fromMs: number, toMs: number): string {
  return `responsetime >= ${numberText(fromMs / 1000)} AND responsetime <= ${numberText(toMs / 1000)}`;
}

/** Text as a literal of the filter language: a backslash stands before a double quote or another backslash. */
export function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`;
}

/** A node's name and type, of a text such as `orders (AWS::DynamoDB::Table)`; names hold no parentheses. */
export function nodeFromLabel(label: string): { name: string; type: string } {
  const parts = /^(.*) \(([^()]*)\)$/s.exec(label);
  return parts ? { name: parts[1] ?? '', type: parts[2] ?? '' } : { name: label, type: '' };
}

/** How a node is named inside `service(...)` or `edge(...)`. */
export function nodeSelector(node: { name: string; type: string }): string {
  return `id(name: ${quoted(node.name)}, type: ${quoted(node.type)})`;
}

function nodeOf(label: string): string {
  return nodeSelector(nodeFromLabel(label));
}

function comparison(name: string, value: Exclude<AttributeValue, null>): string | null {
  if (typeof value === 'string') return `${name} = ${quoted(value)}`;
  if (typeof value === 'boolean') return `${name} = ${value}`;
  return Number.isFinite(value) ? `${name} = ${numberText(value)}` : null;
}

function annotationCondition(key: string, value: AttributeValue): string | null {
  const name = annotationName(key);
  if (name === null) return null;
  // By itself an annotation asks for a value that is not false, so that having none must also deny that.
  return value === null ? `!(${name} OR ${name} = false)` : comparison(name, value);
}

/** `annotation.plan`, or with brackets where the key is no plain word; null where it cannot be written at all. */
export function annotationName(key: string): string | null {
  if (/^[A-Za-z0-9_]+$/.test(key)) return `annotation.${key}`;
  return /^[^\s"[\]]+$/.test(key) ? `annotation[${key}]` : null;
}

function numberText(value: number): string {
  return String(Number(value.toPrecision(12)));
}

/** Of `web: names.test [ProbeError] > db (AWS::RDS)`: services, in each the steps after the first, what was thrown. */
function causeCondition(cause: string, label: string): string | null {
  const thrown = new Set<string>();
  const services = [];
  for (const part of label.split(' > ')) {
    const parts = /^(.+?)(?: \(([^()]*)\))?(?:: (.+?))?(?: \[(.*)\])?$/s.exec(part);
    if (!parts) return null;
    const [, name = '', type = '', steps = '', exceptions = ''] = parts;
    for (const exception of exceptions ? exceptions.split(', ') : []) thrown.add(exception);
    // Which of the steps threw is not told; that none did is.
    const told = cause === 'responsetime' || exceptions ? {} : { Exceptions: [] };
    const path = [told, ...(steps ? steps.split(' / ').map((step) => ({ Name: step, ...told })) : [])];
    services.push({ Name: name, Type: type, EntityPath: path });
  }
  const last = services.at(-1);
  if (!last) return null;
  const names = [...thrown].map(quoted);
  return [
    `rootcause.json = #${JSON.stringify([{ Services: services }])}`,
    // The shape alone may be that of another kind of cause.
    `rootcause.${cause}.service { name = ${quoted(last.Name)} AND last }`,
    ...names.map((name) => `rootcause.${cause}.exception { name = ${name} }`),
    ...(names.length
      ? [`!rootcause.${cause}.exception { ${names.map((name) => `name != ${name}`).join(' AND ')} }`]
      : []),
  ].join(' AND ');
}

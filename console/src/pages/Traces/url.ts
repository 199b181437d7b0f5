import type { AttributeId, AttributeKind } from '@/model/conditions';
import { type Scope, scopeQuery } from '@/model/scope';

export const PAGE_SIZES = [50, 100, 250] as const;
export const ORDERS = ['newest', 'oldest', 'slowest', 'fastest'] as const;

/** What the page shows of its scope. */
export interface TracesView {
  order: (typeof ORDERS)[number];
  /** Rows of a page. */
  size: (typeof PAGE_SIZES)[number];
  /** What the traces are divided by beside the heat map. */
  by: AttributeId;
  /** Whether heat map and refiners are shown. */
  isOverviewOpen: boolean;
  /** Whether the table follows the newest traces. */
  isLive: boolean;
}

export const DEFAULT_VIEW: TracesView = {
  order: 'newest',
  size: 50,
  by: { kind: 'service', key: '' },
  isOverviewOpen: true,
  isLive: false,
};

/** Everything a set can be divided by, annotations apart; in the order of the picker. */
export const REFINERS = [
  ...['url', 'method', 'status', 'outcome', 'user', 'client_ip', 'user_agent'],
  ...['service', 'entry_point', 'resource_arn', 'availability_zone', 'instance'],
  ...['fault_root_cause', 'error_root_cause', 'response_time_root_cause'],
] as readonly Exclude<AttributeKind, 'annotation' | 'response_time' | 'duration'>[];

/** The address of this page; what is not given is as usual. */
export function tracesUrl(scope: Scope, view: Partial<TracesView> = {}): string {
  const query = new URLSearchParams([...scopeQuery(scope), ...viewQuery({ ...DEFAULT_VIEW, ...view })]).toString();
  return `/traces${query ? `?${query}` : ''}`;
}

/** The view of an address; what cannot be read is as usual. */
export function viewFrom(query: URLSearchParams): TracesView {
  return {
    order: ORDERS.find((order) => order === query.get('order')) ?? DEFAULT_VIEW.order,
    size: PAGE_SIZES.find((size) => String(size) === query.get('size')) ?? DEFAULT_VIEW.size,
    by: attributeFrom(query.get('by')) ?? DEFAULT_VIEW.by,
    isOverviewOpen: query.get('overview') !== 'off',
    isLive: query.get('live') === 'on',
  };
}

/** The part of an address that says the view; what is as usual is left out. */
export function viewQuery(view: TracesView): URLSearchParams {
  const query = new URLSearchParams();
  if (view.order !== DEFAULT_VIEW.order) query.set('order', view.order);
  if (view.size !== DEFAULT_VIEW.size) query.set('size', String(view.size));
  const by = attributeText(view.by);
  if (by !== attributeText(DEFAULT_VIEW.by)) query.set('by', by);
  if (!view.isOverviewOpen) query.set('overview', 'off');
  if (view.isLive) query.set('live', 'on');
  return query;
}

const ANNOTATION = 'annotation.';

/** An attribute as an address and a picker name it: `status`, `annotation.plan`. */
export function attributeText(attribute: AttributeId): string {
  return attribute.kind === 'annotation' ? `${ANNOTATION}${attribute.key}` : attribute.kind;
}

/** The attribute that a text names; null where it names none. */
export function attributeFrom(text: string | null): AttributeId | null {
  if (text?.startsWith(ANNOTATION) && text.length > ANNOTATION.length) {
    return { kind: 'annotation', key: text.slice(ANNOTATION.length) };
  }
  const kind = REFINERS.find((refiner) => refiner === text);
  return kind ? { kind, key: '' } : null;
}

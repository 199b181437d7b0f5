import type { Schemas } from '@/api/client';

export type Insight = Schemas['InsightShape'];
export type Category = Schemas['Category'];
export type Signal = Schemas['Signal'];
export type Impact = Schemas['ImpactShape'];
export type Watch = Schemas['WatchShape'];
/** A node, or the calls from one to another. */
export type Entity = Schemas['EntityShape'];

export const CATEGORIES = ['response_time', 'error_rate', 'throttling'] as const satisfies readonly Category[];
export const SIGNALS = ['latency', 'fault', 'error', 'throttle'] as const satisfies readonly Signal[];

/** What of a service a list of insights puts an unusual signal under. */
export const CATEGORY_OF: Record<Signal, Category> = {
  latency: 'response_time',
  fault: 'error_rate',
  error: 'error_rate',
  throttle: 'throttling',
};

/** The key that a node has on the map, made of its name and type as the server makes it. */
export function nodeKey(service: Entity['service']): string {
  return [service.name, service.type].map((part) => part.replace(/[\\|]/g, '\\$&')).join('|');
}

/** The keys of a node, or of both ends of an edge, as they were sent: they tell it from all others. */
export function entityKeys(entity: Entity): readonly string[] {
  return [entity.source, entity.service].flatMap((each) => (each ? [nodeKey(each)] : []));
}

/** Whether keys are those of this node or edge. */
export function isEntity(entity: Entity, keys: readonly string[]): boolean {
  const own = entityKeys(entity);
  return own.length === keys.length && own.every((key, index) => key === keys[index]);
}

/** A node by its name, an edge by those of its ends: `orders → payments`. */
export function entityText(entity: Pick<Entity, 'service' | 'source'>, unnamed: string): string {
  return [entity.source, entity.service].flatMap((each) => (each ? [each.name || unnamed] : [])).join(' → ');
}

/** The nodes and edges of an insight, that of its root cause first, each once. */
export function entitiesOf(insight: Pick<Insight, 'root_cause' | 'anomalous'>): Entity[] {
  const all = [insight.root_cause.entity, ...insight.anomalous];
  return all.filter((entity, index) => all.findIndex((other) => isEntity(other, entityKeys(entity))) === index);
}

/** Requests that were not answered with OK. */
export function failedOf(impact: Impact): number {
  return impact.error + impact.throttle + impact.fault;
}

/** How long an incident lasted, or lasts until now, in seconds. */
export function lengthOf(insight: Pick<Insight, 'start' | 'end'>, nowMs: number): number {
  return Math.max(0, (insight.end ?? nowMs / 1000) - insight.start);
}

/**
 * Of several groups the one whose state says most: that in which most can be found.
 *
 * Null where no group is there.
 */
export function leadingWatch(watches: readonly Watch[]): Watch | null {
  return [...watches].sort((one, other) => STATES.indexOf(one.state) - STATES.indexOf(other.state))[0] ?? null;
}

const STATES: readonly Watch['state'][] = ['watching', 'behind', 'learning', 'no_traffic', 'off'];

/** How much of what is needed has been seen, between 0 and 1: the lesser of requests and minutes. */
export function learnedShare(watch: Watch): number {
  const share = (seen: number, needed: number) => (needed > 0 ? Math.min(1, seen / needed) : 1);
  return Math.min(share(watch.requests_seen, watch.requests_needed), share(watch.minutes_seen, watch.minutes_needed));
}

/** The insights that nodes of a map take part in, by the keys of the nodes; an incident that began after `end` in none. */
export function insightsOfNodes(insights: readonly Insight[], end: number): Map<string, Insight[]> {
  const found = new Map<string, Insight[]>();
  for (const insight of insights.filter(({ start }) => start < end)) {
    for (const key of new Set(entitiesOf(insight).map((entity) => entity.node_key))) {
      found.set(key, [...(found.get(key) ?? []), insight]);
    }
  }
  return found;
}

/**
 * The time that a chart of an incident shows: as long before it, at least an hour, and some minutes after it. At most a
 * day, of an incident that lasts its latest one.
 */
export function timeAround(insight: Pick<Insight, 'start' | 'end'>, nowS: number): { start: number; end: number } {
  const end = insight.end === null ? nowS : Math.min(nowS, insight.end + AFTER_S);
  const before = Math.min(MOST_BEFORE_S, Math.max(LEAST_BEFORE_S, end - insight.start));
  const first = Math.floor((insight.start - before) / 60) * 60;
  const last = Math.max(Math.floor(end / 60) * 60, first + before + 60);
  if (last - first <= DAY_S) return { start: first, end: last };
  return insight.end === null ? { start: last - DAY_S, end: last } : { start: first, end: first + DAY_S };
}

const AFTER_S = 900;
const LEAST_BEFORE_S = 3600;
const MOST_BEFORE_S = 21_600;
// As much as the server answers at once
const DAY_S = 86_400;

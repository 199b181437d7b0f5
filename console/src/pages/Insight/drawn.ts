import type { Schemas } from '@/api/client';
import { type Entity, entityKeys, isEntity, type Signal } from '@/model/insights';
import type { BandOf } from '@/query/useInsights';
import type { InsightPlace } from './url';

/** Whose expected range is drawn, and of which signal. */
export interface Drawn {
  entity: Entity;
  keys: readonly string[];
  signal: Signal;
}

/** What an address asks to be drawn: the root cause where it names nothing that this insight knows. */
export function drawnOf(answer: Schemas['InsightAnswer'], place: Pick<InsightPlace, 'of' | 'signal'>): Drawn {
  const { root_cause } = answer.insight;
  const entity = (place.of && entityOf(answer, place.of)) || root_cause.entity;
  const keys = entityKeys(entity);
  const own = isEntity(root_cause.entity, keys) ? root_cause.signal : signalOf(answer, keys);
  return { entity, keys, signal: place.signal ?? own ?? root_cause.signal };
}

/** The node or edge that keys name, among all that the impact graph has; nothing is known of clients themselves. */
function entityOf(answer: Schemas['InsightAnswer'], keys: readonly string[]): Entity | null {
  const nodes = keys.map((key) => answer.nodes.find((node) => node.key === key && !node.is_client));
  const last = nodes.at(-1);
  const all = [answer.insight.root_cause.entity, ...answer.insight.anomalous];
  const known = all.find((each) => isEntity(each, keys));
  if (known) return known;
  if (!last || nodes.some((node) => !node)) return null;
  return { service: last.service, source: nodes.length > 1 ? (nodes[0]?.service ?? null) : null, node_key: last.key };
}

function signalOf({ nodes, edges, suspects }: Schemas['InsightAnswer'], keys: readonly string[]): Signal | null {
  const suspect = suspects.find(({ entity }) => isEntity(entity, keys));
  if (suspect) return suspect.signal;
  const [first, second] = keys;
  if (second === undefined) return nodes.find(({ key }) => key === first)?.signal ?? null;
  return edges.find(({ source, target }) => source === first && target === second)?.signal ?? null;
}

/** A node or an edge, as the bands are asked for one. */
export function bandOf(entity: Entity): BandOf {
  const { service, source } = entity;
  return source ? { edge: { source, target: service } } : { node: service };
}

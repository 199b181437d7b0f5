import type { Schemas } from '@/api/client';
import { edgeId, type MapEdge, type MapNode, type Mark, type Marks } from '@/graph/types';

type Impact = Pick<Schemas['InsightAnswer'], 'nodes' | 'edges'>;

/**
 * The map of an incident: what it touches, with the figures that a map of its time has; what that map lacks, for its
 * traces are gone, is there without figures. `isWhole` keeps what the incident does not touch too.
 */
export function impactMap(
  impact: Impact,
  map: { nodes: readonly MapNode[]; edges: readonly MapEdge[] },
  isWhole: boolean,
): { nodes: MapNode[]; edges: MapEdge[] } {
  const touched = new Set(impact.nodes.map((node) => node.key));
  const called = new Set(impact.edges.map(callOf));
  const known = new Set(map.nodes.map((node) => node.key));
  const drawn = new Set(map.edges.filter((edge) => !edge.is_link).map(callOf));
  return {
    nodes: [
      ...map.nodes.filter((node) => isWhole || touched.has(node.key)),
      ...impact.nodes.filter((node) => !known.has(node.key)).map(bareNode),
    ],
    edges: [
      ...map.edges.filter((edge) => isWhole || (!edge.is_link && called.has(callOf(edge)))),
      ...impact.edges.filter((edge) => !drawn.has(callOf(edge))).map(bareEdge),
    ],
  };
}

/** The marks of everything that `markOf` gives one; an edge has one only where it is the root cause. */
export function marksOf(
  impact: Impact,
  markOf: (part: Pick<Impact['nodes'][number], 'is_root_cause' | 'signal'>) => Mark | null,
): Marks {
  const marked = <Part extends Parameters<typeof markOf>[0]>(parts: readonly Part[], id: (part: Part) => string) =>
    new Map(
      parts.flatMap((part): [string, Mark][] => {
        const mark = markOf(part);
        return mark ? [[id(part), mark]] : [];
      }),
    );
  return {
    nodes: marked(impact.nodes, (node) => node.key),
    edges: marked(
      impact.edges.filter((edge) => edge.is_root_cause),
      (edge) => edgeId({ ...edge, is_link: false }),
    ),
  };
}

function callOf(edge: { source: string; target: string }): string {
  return JSON.stringify([edge.source, edge.target]);
}

function bareNode({ key, service, is_client }: Impact['nodes'][number]): MapNode {
  return {
    key,
    name: service.name,
    type: service.type,
    is_client,
    is_root: false,
    reporting: true,
    statistics: null,
    start: null,
    end: null,
    filter: null,
  };
}

function bareEdge({ source, target }: Impact['edges'][number]): MapEdge {
  const nothing = { requests: 0, ok: 0, error: 0, throttle: 0, fault: 0 };
  return {
    source,
    target,
    is_link: false,
    statistics: { ...nothing, average_ms: null, percentiles: null, histogram: [] },
    message_ages: null,
    filter: null,
  };
}

import type { Schemas } from '@/api/client';

export type MapNode = Schemas['MapNode'];
export type MapEdge = Schemas['MapEdge'];
export type Statistics = Schemas['StatisticsShape'];

/** By what nodes differ in size: not at all, by requests, or by requests that failed. */
export type NodeSize = 'none' | 'traffic' | 'health';

/** What is selected on a map: a node by its key, or an edge by the keys of its ends. */
export type MapSelection =
  | { kind: 'node'; key: string }
  | { kind: 'edge'; source: string; target: string; isLink: boolean };

/** Why a node or an edge stands out: a shape and a word. */
export interface Mark {
  kind: 'insight' | 'cause' | 'unusual';
  text: string;
}

/** What stands out on a map: nodes by their keys, edges by their identities. */
export interface Marks {
  nodes: ReadonlyMap<string, Mark>;
  edges: ReadonlyMap<string, Mark>;
}

export interface Point {
  x: number;
  y: number;
}

/** The identity of an edge: there is at most one of calls and one of links from a node to another. */
export function edgeId(edge: { source: string; target: string; is_link: boolean }): string {
  return JSON.stringify([edge.source, edge.target, edge.is_link]);
}

/** Whether this edge is the one that is selected. */
export function isSelectedEdge(edge: MapEdge, selection: MapSelection | null): boolean {
  return (
    selection?.kind === 'edge' &&
    edge.source === selection.source &&
    edge.target === selection.target &&
    edge.is_link === selection.isLink
  );
}

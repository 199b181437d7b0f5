import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import { memo } from 'react';
import { MarkIcon } from './MarkIcon';
import { type Arc, RING_CELL, RING_STROKE, ringArcs, worst } from './measures';
import { NodeIcon } from './NodeIcon';
import { isUnknown, kindOf } from './nodeKind';
import type { MapNode, Mark } from './types';
import { useMapTexts } from './useMapTexts';

/** What a node on the map is drawn from. */
export interface NodeData extends Record<string, unknown> {
  node: MapNode;
  radius: number;
  /** Length of the time that the figures are of; null where they are of single traces */
  seconds: number | null;
  isSelected: boolean;
  isDim: boolean;
  mark: Mark | null;
  /** Whether Tab leads here: to one node of the map, from which arrow keys lead on */
  isEntry: boolean;
}

export type FlowNode = Node<NodeData, 'service'>;

const CENTRE = RING_CELL / 2;

/** One node: its ring, its picture, and its figures below. Keys and clicks are heard by the map. */
export const NodeView = memo(function NodeView({ data }: NodeProps<FlowNode>) {
  const { node, radius, seconds, mark } = data;
  const texts = useMapTexts();
  const { statistics } = node;
  const problem = worst(statistics);
  const rate = statistics && texts.rate(statistics.requests, seconds);
  const sentence = [mark?.text, texts.node(node)].filter(Boolean).join(', ');
  return (
    // biome-ignore lint/a11y/useSemanticElements: a button may not hold the handles and lines of text below
    <div
      role="button"
      className="rl-map-node"
      data-key={node.key}
      data-dim={data.isDim || undefined}
      data-outcome={statistics ? (problem && problem.share >= 0.01 ? problem.outcome : 'ok') : undefined}
      data-unknown={isUnknown(node) || undefined}
      aria-description={sentence}
      aria-pressed={data.isSelected}
      tabIndex={data.isEntry ? 0 : -1}
      title={`${texts.name(node)}\n${sentence}`}
    >
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <svg width={RING_CELL} height={RING_CELL} aria-hidden="true">
        {ringArcs(statistics).map((arc) => (
          <RingArc key={arc.outcome} arc={arc} radius={radius - RING_STROKE / 2} />
        ))}
        {!statistics && <circle className="rl-map-bare" cx={CENTRE} cy={CENTRE} r={radius - 1} />}
        <NodeIcon kind={kindOf(node.type)} x={CENTRE} y={CENTRE} size={radius * 0.95} />
      </svg>
      <div className="rl-map-texts">
        <span className="rl-map-name one-line">{texts.shortName(node)}</span>
        <span className="rl-map-detail one-line">{texts.type(node.type)}</span>
        {statistics && (
          <span className="rl-map-detail one-line">
            {texts.average(statistics)}
            {rate && ` · ${rate}`}
          </span>
        )}
        {statistics && problem && (
          <span className="rl-map-detail rl-map-trouble one-line" data-outcome={problem.outcome}>
            {texts.troubles(statistics)}
          </span>
        )}
      </div>
      {mark && (
        <span className="rl-map-mark" data-mark={mark.kind}>
          <MarkIcon kind={mark.kind} />
          <span className="rl-map-mark-text">{mark.text}</span>
        </span>
      )}
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </div>
  );
});

function RingArc({ arc, radius }: { arc: Arc; radius: number }) {
  return (
    <circle
      className="rl-map-arc"
      data-outcome={arc.outcome}
      cx={CENTRE}
      cy={CENTRE}
      r={radius}
      pathLength={1}
      strokeWidth={RING_STROKE}
      strokeDasharray={`${arc.share} ${1 - arc.share}`}
      strokeDashoffset={-arc.from}
      transform={`rotate(-90 ${CENTRE} ${CENTRE})`}
    />
  );
}

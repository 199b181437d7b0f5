import type { Edge, EdgeProps } from '@xyflow/react';
import { type CSSProperties, memo } from 'react';
import { ARROW_LENGTH, draw } from './route';
import type { MapEdge, Mark, Point } from './types';
import { useMapTexts } from './useMapTexts';

/** What an edge on the map is drawn from. */
export interface EdgeData extends Record<string, unknown> {
  edge: MapEdge;
  route: readonly Point[];
  width: number;
  color: string;
  mark: Mark | null;
  sentence: string;
  isSelected: boolean;
  isDim: boolean;
}

export type FlowEdge = Edge<EdgeData, 'calls'>;

/** One edge: a line from ring to ring with an arrow head, and its figures in the middle. */
export const EdgeView = memo(function EdgeView({ data }: EdgeProps<FlowEdge>) {
  const texts = useMapTexts();
  if (!data) return null;
  const { path, label, tip } = draw(data.route);
  const [calls, average] = texts.edgeLabel(data.edge);
  const half = 4 + data.width / 2;
  return (
    <g
      className="rl-map-edge"
      data-dim={data.isDim || undefined}
      data-selected={data.isSelected || undefined}
      data-link={data.edge.is_link || undefined}
      style={{ '--rl-map-color': data.color } as CSSProperties}
    >
      <title>{[data.mark?.text, data.sentence].filter(Boolean).join(', ')}</title>
      <path className="rl-map-grip" d={path} />
      <path className="rl-map-line" d={path} strokeWidth={data.width} />
      <path className="rl-map-arrow" d={`M${tip.x} ${tip.y} l${-ARROW_LENGTH - 2} ${-half} v${2 * half} z`} />
      <text className="rl-map-label" x={label.x} y={label.y - half}>
        {calls}
      </text>
      {data.mark && (
        <text
          className="rl-map-label rl-map-edge-mark"
          data-mark={data.mark.kind}
          x={label.x}
          y={label.y - half}
          dy="-1.2em"
        >
          {data.mark.text}
        </text>
      )}
      {average && (
        <text className="rl-map-label" x={label.x} y={label.y + half} dy="0.7em">
          {average}
        </text>
      )}
    </g>
  );
});

import type { Schemas } from '@/api/client';

/** What was selected: instants in epoch seconds and lengths in milliseconds. */
export interface HeatMapSelection {
  start: number;
  end: number;
  fromMs: number;
  toMs: number;
}

/**
 * How long traces took over time: columns of time, rows of response time (logarithmic), darker where more traces are,
 * red where they failed. Dragging calls `onSelect` with a rectangle.
 */
export function HeatMap(_: {
  label: string;
  answer: Schemas['HeatMapAnswer'];
  onSelect?: (selection: HeatMapSelection) => void;
  heightPx?: number;
}) {
  return null;
}

/** One line or one layer of bars: values at the starts of buckets (epoch seconds). */
export interface TimeSeriesLine {
  name: string;
  color: 'ok' | 'error' | 'throttle' | 'fault' | 'a' | 'b' | 'p50' | 'p90' | 'p99' | 'plain';
  points: readonly (readonly [startS: number, value: number])[];
}

/** Figures over time. Dragging calls `onSelect` with instants in epoch seconds. */
export function TimeSeries(_: {
  label: string;
  kind: 'lines' | 'stacked-bars';
  /** How values are written; `ms` as lengths of time, `count` as numbers. */
  unit: 'ms' | 'count';
  start: number;
  end: number;
  bucketS: number;
  lines: readonly TimeSeriesLine[];
  onSelect?: (range: { start: number; end: number }) => void;
  heightPx?: number;
}) {
  return null;
}

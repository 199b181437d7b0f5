import type { Schemas } from '@/api/client';

/** One distribution: a name, how it is told apart, and its buckets as the server sends them. */
export interface HistogramSeries {
  name: string;
  /** `a` and `b` are the two sets of a comparison, `plain` stands alone */
  role: 'plain' | 'a' | 'b';
  buckets: readonly Schemas['HistogramBucket'][];
}

/**
 * How long requests took, as bars over a logarithmic axis of milliseconds; of several series each as shares of its own.
 *
 * Dragging across it calls `onSelect` with a range of milliseconds, both ends inside; null clears it. The same can be
 * done with the keyboard in two fields below the chart. Without `onSelect` nothing can be selected.
 */
export function Histogram(_: {
  label: string;
  series: readonly HistogramSeries[];
  selection?: { fromMs: number; toMs: number } | null;
  onSelect?: (range: { fromMs: number; toMs: number } | null) => void;
  heightPx?: number;
}) {
  return null;
}

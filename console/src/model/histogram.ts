/** Counts by whole milliseconds, as the server sends them; above a second the values have three significant digits. */
export type Buckets = readonly { bucket_ms: number; traces: number }[];

/** Bars of a histogram: bar `i` holds the buckets from `edges[i]` up to and without `edges[i + 1]` milliseconds. */
export interface Bars {
  edges: readonly number[];
  /** For each series the counts of its bars. */
  counts: readonly (readonly number[])[];
}

/**
 * At most `most` bars over all series, equally wide on a logarithmic axis as far as whole milliseconds allow.
 *
 * Without any traces there are no bars.
 */
export function barsOf(series: readonly Buckets[], most: number): Bars {
  const values = series.flatMap((buckets) => buckets.filter((bucket) => bucket.traces > 0).map((b) => b.bucket_ms));
  if (!values.length) return { edges: [], counts: series.map(() => []) };
  const least = Math.min(...values);
  const beyond = Math.max(...values) + 1;
  const ratio = (beyond / Math.max(least, 1)) ** (1 / most);
  const edges = [least];
  let at = Math.max(least, 1);
  while ((edges.at(-1) ?? beyond) < beyond) {
    at *= ratio;
    const edge = Math.min(beyond, Math.max(Math.round(at), (edges.at(-1) ?? 0) + 1));
    edges.push(edge);
    at = Math.max(at, edge);
  }
  const counts = series.map((buckets) => {
    const bars = new Array<number>(edges.length - 1).fill(0);
    for (const { bucket_ms, traces } of buckets) {
      const bar = barAt(edges, bucket_ms);
      if (bar !== null) bars[bar] = (bars[bar] ?? 0) + traces;
    }
    return bars;
  });
  return { edges, counts };
}

/** The bar that holds a bucket; null beyond the bars. */
export function barAt(edges: readonly number[], bucketMs: number): number | null {
  let low = 0;
  let high = edges.length - 1;
  if (high < 1 || bucketMs < (edges[0] ?? 0) || bucketMs >= (edges[high] ?? 0)) return null;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((edges[middle] ?? 0) <= bucketMs) low = middle;
    else high = middle;
  }
  return low;
}

/** The lengths that bars hold, milliseconds: the server rounds to buckets, so that a bar begins half a one earlier. */
export function rangeOfBars(edges: readonly number[], first: number, last: number): { fromMs: number; toMs: number } {
  const fromMs = edges[Math.max(first, 0)] ?? 0;
  const toMs = edges[Math.min(last + 1, edges.length - 1)] ?? 0;
  return { fromMs: Math.max(0, fromMs - 0.5), toMs: Math.max(0, toMs - 0.5) };
}

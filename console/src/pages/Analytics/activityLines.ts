import type { Schemas } from '@/api/client';
import type { TimeSeriesLine } from '@/components/charts/TimeSeries';

type Overview = Schemas['OverviewAnswer'];

/**
 * What the activity chart draws: of A alone what failed on top of what did not; beside B lines, B's moved later by
 * `earlierS` seconds so that both begin together.
 */
export function activityLines(
  a: Overview,
  b: Overview | null,
  earlierS: number,
  names: { succeeded: string; failed: string; a: string; b: string },
): { kind: 'lines' | 'stacked-bars'; lines: TimeSeriesLine[] } {
  const buckets = a.activity.buckets;
  const failed = {
    name: names.failed,
    color: 'fault' as const,
    points: buckets.map((bucket) => [bucket.start, bucket.failed] as const),
  };
  if (!b) {
    const points = buckets.map((bucket) => [bucket.start, bucket.traces - bucket.failed] as const);
    return { kind: 'stacked-bars', lines: [{ name: names.succeeded, color: 'a', points }, failed] };
  }
  // Both over the same buckets, where those of one set are as long as those of the other.
  const widthS = Math.max(a.activity.bucket_s, b.activity.bucket_s);
  return {
    kind: 'lines',
    lines: [
      { name: names.a, color: 'a', points: filled(a, 0, widthS, (bucket) => bucket.traces) },
      { name: names.b, color: 'b', points: filled(b, earlierS, widthS, (bucket) => bucket.traces) },
      { ...failed, points: filled(a, 0, widthS, (bucket) => bucket.failed) },
    ],
  };
}

/** Buckets of this width from start to end, those without traces as 0. */
function filled(
  of: Overview,
  laterS: number,
  widthS: number,
  count: (bucket: Overview['activity']['buckets'][number]) => number,
): [number, number][] {
  const sums = new Map<number, number>();
  for (let at = Math.floor(of.set.start / widthS) * widthS; at < of.set.end; at += widthS) sums.set(at, 0);
  for (const bucket of of.activity.buckets) {
    const at = Math.floor(bucket.start / widthS) * widthS;
    sums.set(at, (sums.get(at) ?? 0) + count(bucket));
  }
  return [...sums].map(([at, sum]) => [at + laterS, sum]);
}

import type { TraceTree } from './traceTree';

/** A stretch of a trace, in microseconds after its start. */
export interface Stretch {
  fromUs: number;
  toUs: number;
}

/** Nothing shorter can be looked at: a microsecond is the finest that clocks send. */
const SHORTEST_US = 10;

/** The stretch as an address says it, `1200~4500`; null where it cannot be read or is not within the trace. */
export function parseStretch(text: string | null, lengthUs: number): Stretch | null {
  const match = /^(\d{1,15})~(\d{1,15})$/.exec(text ?? '');
  if (!match) return null;
  const found = clampStretch({ fromUs: Number(match[1]), toUs: Number(match[2]) }, lengthUs);
  return isWhole(found, lengthUs) ? null : found;
}

export function formatStretch(stretch: Stretch): string {
  return `${Math.round(stretch.fromUs)}~${Math.round(stretch.toUs)}`;
}

/** The same stretch kept inside of the trace, and no shorter than can be looked at. */
export function clampStretch(stretch: Stretch, lengthUs: number): Stretch {
  const from = Math.min(stretch.fromUs, stretch.toUs);
  const length = Math.min(lengthUs, Math.max(Math.abs(stretch.toUs - stretch.fromUs), Math.min(SHORTEST_US, lengthUs)));
  const fromUs = Math.max(0, Math.min(from, lengthUs - length));
  return { fromUs, toUs: fromUs + length };
}

/** Whether it is as good as everything. */
export function isWhole(stretch: Stretch, lengthUs: number): boolean {
  return stretch.fromUs <= 0 && stretch.toUs >= lengthUs;
}

/** `factor` times as long around a point that stays where it is. */
export function zoomed(stretch: Stretch, aroundUs: number, factor: number, lengthUs: number): Stretch {
  return clampStretch(
    {
      fromUs: aroundUs - (aroundUs - stretch.fromUs) * factor,
      toUs: aroundUs + (stretch.toUs - aroundUs) * factor,
    },
    lengthUs,
  );
}

/** Moved by a part of its length; it stays inside of the trace. */
export function panned(stretch: Stretch, part: number, lengthUs: number): Stretch {
  const length = stretch.toUs - stretch.fromUs;
  const fromUs = Math.max(0, Math.min(stretch.fromUs + part * length, lengthUs - length));
  return { fromUs, toUs: fromUs + length };
}

const MINUTE_US = 60_000_000;
const MINUTES = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1440, 2880, 7200, 14_400];

/** The distance of round ticks of which at most `count` fit into `lengthUs`. */
export function tickStep(lengthUs: number, count: number): number {
  const least = lengthUs / Math.max(1, count);
  if (least > MINUTE_US / 2) {
    const minutes = MINUTES.find((step) => step * MINUTE_US >= least) ?? Math.ceil(least / MINUTE_US / 14_400) * 14_400;
    return minutes * MINUTE_US;
  }
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 1e-9)));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= least * (1 - 1e-9)) ?? 10;
  return Math.max(1, step * power);
}

/** Where ticks stand inside of the stretch, microseconds. */
export function ticks(stretch: Stretch, stepUs: number): number[] {
  const found: number[] = [];
  const first = Math.ceil(stretch.fromUs / stepUs - 1e-9);
  for (let at = first; at * stepUs <= stretch.toUs + stepUs * 1e-9 && found.length < 100; at += 1) {
    found.push(at * stepUs);
  }
  return found;
}

/** A tick as text, as exact as its neighbours are near: `1.25 s`, `12.3405 s`, `2 min 30 s`. */
export function tickText(us: number, stepUs: number): string {
  if (us === 0) return '0';
  if (us >= MINUTE_US && stepUs >= 1_000_000) {
    const minutes = Math.floor(us / MINUTE_US);
    const seconds = Math.round((us - minutes * MINUTE_US) / 1_000_000);
    return `${minutes} min${seconds ? ` ${seconds} s` : ''}`;
  }
  const [unit, length] = us >= 1_000_000 ? ['s', 1_000_000] : us >= 1000 ? ['ms', 1000] : ['µs', 1];
  const digits = Math.max(0, Math.min(6, Math.ceil(-Math.log10(stepUs / Number(length)) - 1e-9)));
  return `${(us / Number(length)).toFixed(digits)} ${unit}`;
}

/**
 * Where the critical path runs through a span inside of the stretch; parts nearer to each other than `finestUs` are one,
 * so that there are never more than can be seen.
 */
export function pathParts(tree: TraceTree, span: number, stretch: Stretch, finestUs: number): Stretch[] {
  const parts: Stretch[] = [];
  let last: Stretch | undefined;
  const end = tree.stepStart[span + 1] ?? 0;
  for (let step = tree.stepStart[span] ?? 0; step < end; step += 1) {
    const fromUs = tree.stepOffsetUs[step] ?? 0;
    const toUs = fromUs + (tree.stepHeldUs[step] ?? 0);
    if (toUs < stretch.fromUs || fromUs > stretch.toUs) continue;
    if (last && fromUs - last.toUs <= finestUs) last.toUs = Math.max(last.toUs, toUs);
    else {
      last = { fromUs, toUs };
      parts.push(last);
    }
  }
  return parts;
}

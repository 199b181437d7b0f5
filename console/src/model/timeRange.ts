/** A time range as people choose it: the last so many seconds, or from one instant to another (epoch seconds). */
export type TimeRange = { kind: 'last'; seconds: number } | { kind: 'between'; start: number; end: number };

export const DEFAULT_RANGE: TimeRange = { kind: 'last', seconds: 3600 };

const UNITS: readonly [string, number][] = [
  ['D', 86400],
  ['H', 3600],
  ['M', 60],
  ['S', 1],
];

/** As the AWS consoles write it in their addresses: `PT1H`, or `2026-01-01T00:00:00Z~2026-01-01T01:00:00Z`. */
export function formatRange(range: TimeRange): string {
  if (range.kind === 'between') return `${isoText(range.start)}~${isoText(range.end)}`;
  let rest = range.seconds;
  const parts = UNITS.map(([unit, length]) => {
    const amount = Math.floor(rest / length);
    rest -= amount * length;
    return amount ? `${amount}${unit}` : '';
  });
  const time = parts.slice(1).join('');
  return `P${parts[0]}${time ? `T${time}` : ''}`;
}

/** What an address says; null where it cannot be read, and where the end is not after the start. */
export function parseRange(text: string | null): TimeRange | null {
  if (text === null) return null;
  const duration = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(text);
  if (duration) {
    const seconds = UNITS.reduce((sum, [, length], index) => sum + length * Number(duration[index + 1] ?? 0), 0);
    return seconds > 0 && seconds <= 3650 * 86400 ? { kind: 'last', seconds } : null;
  }
  const ends = text.split('~');
  const [start, end] = ends.map((part) => Date.parse(part) / 1000);
  if (ends.length !== 2 || start === undefined || end === undefined || !(end > start)) return null;
  return { kind: 'between', start, end };
}

/** The instants that a range means now, epoch seconds. The last seconds end a second ahead: clocks differ a little. */
export function resolveRange(range: TimeRange, nowMs: number): { start: number; end: number } {
  if (range.kind === 'between') return { start: range.start, end: range.end };
  const end = Math.ceil(nowMs / 1000) + 1;
  return { start: end - range.seconds, end };
}

function isoText(epochS: number): string {
  const text = new Date(epochS * 1000).toISOString();
  return text.replace('.000Z', 'Z');
}

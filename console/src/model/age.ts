const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
];

/** How long ago an instant (epoch seconds) was: `3 minutes ago`. Clocks that differ a little make nothing of it. */
export function formatAge(epochS: number, nowMs: number, language: string): string {
  const seconds = nowMs / 1000 - epochS;
  const [unit, length] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1];
  return new Intl.RelativeTimeFormat(language, { numeric: 'always' }).format(-Math.trunc(seconds / length), unit);
}

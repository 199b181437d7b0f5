/** A length of time in its largest whole unit, for the texts of counts in `shell`. */
export function lengthOf(seconds: number): { unit: 'days' | 'hours' | 'minutes' | 'seconds'; count: number } {
  if (seconds >= 172_800) return { unit: 'days', count: Math.floor(seconds / 86_400) };
  if (seconds >= 7200) return { unit: 'hours', count: Math.floor(seconds / 3600) };
  if (seconds >= 120) return { unit: 'minutes', count: Math.floor(seconds / 60) };
  return { unit: 'seconds', count: Math.max(0, Math.floor(seconds)) };
}

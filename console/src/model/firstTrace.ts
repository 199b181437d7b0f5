import { DEFAULT_SCOPE, type Scope } from './scope';

/** The scope in which a trace that began at `newestS` is seen: the last hour, or the hour around an older one. */
export function scopeAround(newestS: number, nowS: number): Scope {
  if (newestS > nowS - 3500 && newestS <= nowS + 1) return DEFAULT_SCOPE;
  const end = Math.ceil(newestS) + 1;
  return { ...DEFAULT_SCOPE, range: { kind: 'between', start: end - 3600, end } };
}

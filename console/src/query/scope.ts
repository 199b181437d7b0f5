import { type Scope, setOf } from '@/model/scope';
import { formatRange } from '@/model/timeRange';

/** The part of a query key that tells one scope from another. */
export function scopeKey(scope: Scope): readonly string[] {
  return [formatRange(scope.range), scope.group, scope.filter.trim()];
}

/** The set that a scope means at this moment. */
export function setNow(scope: Scope) {
  return setOf(scope, Date.now());
}

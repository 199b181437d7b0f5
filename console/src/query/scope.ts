import type { Scope } from '@/model/scope';
import { askedScope } from '@/model/traceSets';

/** The part of a query key that tells one scope from another. */
export function scopeKey(scope: Scope): readonly string[] {
  return askedScope(scope).key;
}

/** The set that a scope means at this moment. */
export function setNow(scope: Scope) {
  return askedScope(scope).at(Date.now());
}

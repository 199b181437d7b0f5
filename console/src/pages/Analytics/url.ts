import { type Scope, scopeQuery } from '@/model/scope';

/** The address of this page. */
export function analyticsUrl(scope: Scope): string {
  const query = scopeQuery(scope).toString();
  return `/analytics${query ? `?${query}` : ''}`;
}

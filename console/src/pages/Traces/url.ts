import { type Scope, scopeQuery } from '@/model/scope';

/** The address of this page. */
export function tracesUrl(scope: Scope): string {
  const query = scopeQuery(scope).toString();
  return `/traces${query ? `?${query}` : ''}`;
}

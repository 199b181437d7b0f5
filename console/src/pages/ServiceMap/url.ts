import { type Scope, scopeQuery } from '@/model/scope';

/** The address of this page. */
export function mapUrl(scope: Scope): string {
  const query = scopeQuery(scope).toString();
  return `/map${query ? `?${query}` : ''}`;
}

/**
 * The address here of a link in the style of the AWS consoles, `/xray/home#/traces/1-...?timeRange=PT1H`; null for any
 * other address. Source: X-Ray developer guide, deep links.
 */
export function addressOfFragment(location: { pathname: string; hash: string }): string | null {
  if (!location.hash.startsWith('#/')) return location.pathname === '/xray/home' ? '/console/' : null;
  const [path = '', query = ''] = location.hash.slice(2).split(/\?(.*)/s);
  const search = query ? `?${query}` : '';
  const [page, id, ...rest] = path.split('/');
  if (page === 'service-map') return `/console/map${search}`;
  if (page === 'analytics') return `/console/analytics${search}`;
  if (page === 'traces' && id) return `/console/traces/${id}${rest[0] === 'raw' ? `?tab=raw` : search}`;
  if (page === 'traces') return `/console/traces${search}`;
  return '/console/';
}

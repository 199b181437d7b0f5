/** The address of the comparison of two traces. */
export function compareTracesUrl(a: string, b: string): string {
  return `/compare-traces?${new URLSearchParams({ a, b })}`;
}

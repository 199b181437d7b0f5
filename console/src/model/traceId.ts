/** A trace id as X-Ray writes it, `1-5f84c7a1-...`, of either spelling; null where it is none. */
export function traceIdOf(text: string): string | null {
  const trimmed = text.trim().replace(/^root=/i, '');
  const id = /^(?:1-)?([0-9a-f]{8})-?([0-9a-f]{24})$/i.exec(trimmed);
  return id ? `1-${id[1]}-${id[2]}`.toLowerCase() : null;
}

/** The filter expression of traces with this annotation; null where the key cannot be written in one. */
export function annotationFilter(key: string, value: string | number | boolean): string | null {
  if (!key || /[\s"'[\]]/.test(key)) return null;
  const literal = typeof value === 'string' ? `"${value.replace(/["\\]/g, (mark) => `\\${mark}`)}"` : String(value);
  return `annotation[${key}] = ${literal}`;
}

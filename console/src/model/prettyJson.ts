/** A JSON value as text with an indent. Where it is nested deeper than a stack goes, why it has none. */
export function prettyJson(value: unknown): string {
  try {
    return JSON.stringify(value, null, 2) ?? '';
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return String(error);
  }
}

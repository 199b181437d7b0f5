import { traceIdOf } from './traceId';

/** The trace that a line of a log names, as Lambda's REPORT lines do with `XRAY TraceId: 1-...`; null without one. */
export function traceIdIn(message: string): string | null {
  const found = /\b1-[0-9a-f]{8}-[0-9a-f]{24}\b/i.exec(message);
  return found ? traceIdOf(found[0]) : null;
}

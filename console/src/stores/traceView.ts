import { create } from 'zustand';
import { persist } from 'zustand/middleware';

const REMEMBERED = 8;

interface TraceView {
  /** Width of the column of names, pixels. */
  nameWidthPx: number;
  /** null: as there is room */
  isMapOpen: boolean | null;
  showsPath: boolean;
  /** Traces that were looked at, the last one first. */
  visited: string[];
  change(values: Partial<Pick<TraceView, 'nameWidthPx' | 'isMapOpen' | 'showsPath'>>): void;
  visit(traceId: string): void;
}

/** How a person likes to see a trace, and which were seen lately; kept in the browser. */
export const useTraceView = create<TraceView>()(
  persist(
    (set) => ({
      nameWidthPx: 320,
      isMapOpen: null,
      showsPath: true,
      visited: [],
      change: (values) => set(values),
      visit: (traceId) =>
        set(({ visited }) => ({ visited: [traceId, ...visited.filter((id) => id !== traceId)].slice(0, REMEMBERED) })),
    }),
    { name: 'raylens.traceView' },
  ),
);

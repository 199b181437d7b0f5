import type { EChartsCoreOption } from 'echarts/core';
import { lazy, Suspense } from 'react';
import { useIsDark } from '../useTheme';
import { DARK, LIGHT, type Palette } from './palette';

export interface CanvasProps {
  label: string;
  heightPx: number;
  option: EChartsCoreOption;
  brush?: 'lineX' | 'rect' | null;
  /** The brushed coordinates: from and to, or one such pair for each axis. */
  onBrush?: (coordinates: number[] | number[][]) => void;
}

const Canvas = lazy(() => import('./canvas'));

/** A chart on a canvas; its place is kept while the library loads. */
export function Chart(props: CanvasProps) {
  return (
    <Suspense fallback={<div style={{ height: props.heightPx }} />}>
      <Canvas {...props} />
    </Suspense>
  );
}

/** The colours of the theme in force. */
export function usePalette(): Palette {
  return useIsDark() ? DARK : LIGHT;
}

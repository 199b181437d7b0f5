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

/** What all charts have in common: a frame, quiet axes and tooltips that are drawn and never parsed as HTML. */
export function frameOf(palette: Palette, hasBrush: boolean) {
  return {
    animation: false,
    aria: { enabled: false },
    textStyle: { fontFamily: 'Open Sans, Helvetica Neue, Roboto, Arial, sans-serif', color: palette.text },
    grid: { left: 8, right: 12, top: 12, bottom: 4, containLabel: true },
    tooltip: {
      renderMode: 'richText' as const,
      backgroundColor: palette.ground,
      borderColor: palette.axis,
      textStyle: { color: palette.text, fontSize: 12 },
      confine: true,
    },
    ...(hasBrush
      ? {
          brush: {
            xAxisIndex: 0,
            throttleType: 'debounce' as const,
            transformable: false,
            brushStyle: { color: palette.brush, borderColor: palette.plain, borderWidth: 1 },
            outOfBrush: { colorAlpha: 1 },
          },
        }
      : {}),
  };
}

/** The look of an axis. */
export function axisOf(palette: Palette) {
  return {
    axisLine: { lineStyle: { color: palette.axis } },
    axisTick: { lineStyle: { color: palette.axis } },
    axisLabel: { color: palette.text, fontSize: 11, hideOverlap: true },
    splitLine: { lineStyle: { color: palette.grid } },
  };
}

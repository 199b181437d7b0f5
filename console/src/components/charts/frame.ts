import type { Palette } from './palette';

/** What all charts have in common: a frame, quiet axes and tooltips that are drawn and never parsed as HTML. */
export function frameOf(palette: Palette, hasBrush: boolean) {
  return {
    animation: false,
    aria: { enabled: false },
    textStyle: { fontFamily: 'Open Sans, Helvetica Neue, Roboto, Arial, sans-serif', color: palette.text },
    grid: gridOf(12),
    tooltip: {
      renderMode: 'richText' as const,
      backgroundColor: palette.ground,
      borderColor: palette.axis,
      textStyle: { color: palette.text, fontSize: 12 },
      confine: true,
    },
    ...(hasBrush
      ? {
          toolbox: { show: false },
          brush: {
            toolbox: [],
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

/** Where a chart lies, its axis labels inside; `top` leaves room for a legend. */
export function gridOf(top: number) {
  return { left: 6, right: 12, top, bottom: 2, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' };
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

import type { Palette } from './palette';

/** A stretch of time behind everything else of a chart, over its whole height. */
export function shadeSeries(name: string, range: { start: number; end: number }, palette: Palette) {
  return {
    name,
    type: 'custom',
    silent: true,
    clip: true,
    z: 0,
    itemStyle: { color: palette.shade },
    encode: { x: [0, 1], y: [] },
    data: [[range.start * 1000, range.end * 1000]],
    renderItem: (
      { coordSys }: { coordSys: { y: number; height: number } },
      api: { value(dimension: number): number; coord(point: readonly [number, number]): [number, number] },
    ) => {
      const [[left], [right]] = [api.coord([api.value(0), 0]), api.coord([api.value(1), 0])];
      return {
        type: 'rect',
        shape: { x: left, y: coordSys.y, width: Math.max(1, right - left), height: coordSys.height },
        style: { fill: palette.shade },
      };
    },
  };
}

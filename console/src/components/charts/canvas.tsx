import { BarChart, CustomChart, LineChart } from 'echarts/charts';
import {
  AriaComponent,
  BrushComponent,
  GridComponent,
  LegendComponent,
  ToolboxComponent,
  TooltipComponent,
} from 'echarts/components';
import * as echarts from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import type { CanvasProps } from './Chart';

echarts.use([
  AriaComponent,
  BarChart,
  BrushComponent,
  CanvasRenderer,
  CustomChart,
  GridComponent,
  LegendComponent,
  LineChart,
  // the brush asks for it, although no toolbox is shown
  ToolboxComponent,
  TooltipComponent,
]);

interface BrushEnd {
  areas: { coordRange?: number[] | number[][] }[];
}

/** The drawing itself; loaded when the first chart is shown. */
export default function Canvas(props: CanvasProps) {
  const { option, brush, onBrush, heightPx, label } = props;
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<echarts.ECharts | null>(null);
  const onBrushNow = useRef(onBrush);
  onBrushNow.current = onBrush;

  useEffect(() => {
    if (!place.current) return;
    const drawn = echarts.init(place.current, null, { renderer: 'canvas' });
    chart.current = drawn;
    drawn.on('brushEnd', (event) => {
      const [area] = (event as unknown as BrushEnd).areas;
      if (area?.coordRange) onBrushNow.current?.(area.coordRange);
    });
    const observer = new ResizeObserver(() => drawn.resize());
    observer.observe(place.current);
    return () => {
      observer.disconnect();
      drawn.dispose();
      chart.current = null;
    };
  }, []);

  useEffect(() => {
    const drawn = chart.current;
    if (!drawn) return;
    drawn.setOption(option, { notMerge: true });
    if (brush) {
      drawn.dispatchAction({
        type: 'takeGlobalCursor',
        key: 'brush',
        brushOption: { brushType: brush, brushMode: 'single' },
      });
    }
  }, [option, brush]);

  return <div ref={place} role="img" aria-label={label} style={{ height: heightPx, width: '100%' }} />;
}

import { useEffect, useRef } from 'react';
import { useIsDark } from '@/components/useTheme';
import type { Stretch } from '@/model/timelineScale';
import { drawnEndUs, isWrong, outcomeOf, type TraceTree } from '@/model/traceTree';
import { useDragStretch } from './useDragStretch';
import { useWidth } from './useWidth';

const HEIGHT_PX = 44;
/** More lines than this do not fit into the strip; of the others only what went wrong is drawn. */
const MOST_LINES = 3_000;
const SERVICE_COLORS = 10;

/** The whole trace at a glance; dragging across it looks at a part. */
export function Minimap(props: { tree: TraceTree; stretch: Stretch; onStretch(stretch: Stretch): void }) {
  const { tree, stretch } = props;
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useWidth(frame);
  const isDark = useIsDark();
  const whole = { fromUs: 0, toUs: tree.lengthUs };
  const { chosen, handlers } = useDragStretch(whole, props.onStretch);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme changes what the colours' names mean
  useEffect(() => {
    // The theme's class is set in an effect of a parent, after this one.
    const frameId = requestAnimationFrame(() => canvas.current && draw(canvas.current, tree, width));
    return () => cancelAnimationFrame(frameId);
  }, [tree, width, isDark]);

  const percent = (us: number) => `${(us / tree.lengthUs) * 100}%`;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: buttons and keys of the timeline do the same
    <div
      ref={frame}
      className="tl-minimap"
      aria-hidden="true"
      {...handlers}
      onDoubleClick={() => props.onStretch(whole)}
    >
      <canvas ref={canvas} />
      <div className="tl-outside" style={{ left: 0, width: percent(stretch.fromUs) }} />
      <div className="tl-outside" style={{ left: percent(stretch.toUs), right: 0 }} />
      {chosen && (
        <div
          className="tl-chosen"
          style={{ left: `${chosen.from * 100}%`, width: `${(chosen.to - chosen.from) * 100}%` }}
        />
      )}
    </div>
  );
}

function draw(canvas: HTMLCanvasElement, tree: TraceTree, width: number): void {
  const scale = window.devicePixelRatio || 1;
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.round(HEIGHT_PX * scale);
  const context = canvas.getContext('2d');
  if (!context || !width) return;
  const style = getComputedStyle(canvas);
  const color = (name: string) => style.getPropertyValue(name);
  const services = Array.from({ length: SERVICE_COLORS }, (_, i) => color(`--rl-service-${i}`));
  const outcomes = {
    ok: '',
    unfinished: color('--rl-unfinished'),
    error: color('--rl-error'),
    throttle: color('--rl-throttle'),
    fault: color('--rl-fault'),
  };
  const room = canvas.height - 4;
  const line = Math.max(scale, Math.min(3 * scale, room / tree.size - 1));
  const stride = Math.ceil(tree.size / MOST_LINES);
  let wrongLeft = MOST_LINES;
  for (let i = 0; i < tree.size; i += 1) {
    if (i % stride) {
      if (wrongLeft <= 0 || !isWrong(tree, i)) continue;
      wrongLeft -= 1;
    }
    const service = tree.service[i] ?? -1;
    context.fillStyle = outcomes[outcomeOf(tree.flags[i])] || services[service % SERVICE_COLORS] || outcomes.unfinished;
    const x = ((tree.offsetUs[i] ?? 0) / tree.lengthUs) * canvas.width;
    const end = (drawnEndUs(tree, i) / tree.lengthUs) * canvas.width;
    context.fillRect(x, 2 + (i / tree.size) * room, Math.max(scale, end - x), line);
  }
}

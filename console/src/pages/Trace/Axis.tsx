import { type Stretch, tickStep, ticks, tickText } from '@/model/timelineScale';
import { useDragStretch } from './useDragStretch';

/** Ticks of a scale, no nearer to each other than a text is wide. */
export function ticksFor(stretch: Stretch, widthPx: number): { at: number; text: string; percent: number }[] {
  const length = stretch.toUs - stretch.fromUs;
  const step = tickStep(length, Math.max(1, Math.floor(widthPx / 90)));
  return ticks(stretch, step).map((at) => ({
    at,
    text: tickText(at, step),
    percent: ((at - stretch.fromUs) / length) * 100,
  }));
}

/** The time axis above the bars; dragging across it looks at a part. */
export function Axis(props: { stretch: Stretch; widthPx: number; label: string; onStretch(stretch: Stretch): void }) {
  const { chosen, handlers } = useDragStretch(props.stretch, props.onStretch);
  return (
    <div className="tl-axis" {...handlers} title={props.label}>
      {ticksFor(props.stretch, props.widthPx).map((tick) => (
        <span key={tick.at}>
          <span className="tl-tick" style={{ left: `${tick.percent}%` }} />
          {tick.percent < 96 && (
            <span className="tl-tick-text" style={{ left: `${tick.percent}%` }}>
              {tick.text}
            </span>
          )}
        </span>
      ))}
      {chosen && (
        <span
          className="tl-chosen"
          style={{ left: `${chosen.from * 100}%`, width: `${(chosen.to - chosen.from) * 100}%` }}
        />
      )}
    </div>
  );
}

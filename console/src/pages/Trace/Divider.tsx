import { type PointerEvent, useRef } from 'react';

const LEAST_PX = 140;
const STEP_PX = 24;

/** Drags the line between names and bars; the arrow keys do the same. */
export function Divider(props: { widthPx: number; mostPx: number; label: string; onChange(widthPx: number): void }) {
  const start = useRef<{ x: number; width: number } | null>(null);
  const set = (width: number) => props.onChange(Math.round(Math.max(LEAST_PX, Math.min(props.mostPx, width))));
  const onMove = (event: PointerEvent<HTMLElement>) => {
    if (start.current) set(start.current.width + event.clientX - start.current.x);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule cannot be moved
    <div
      className="tl-divider"
      role="separator"
      aria-orientation="vertical"
      aria-label={props.label}
      aria-valuenow={props.widthPx}
      aria-valuemin={LEAST_PX}
      aria-valuemax={Math.round(props.mostPx)}
      tabIndex={0}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = { x: event.clientX, width: props.widthPx };
      }}
      onPointerMove={onMove}
      onPointerUp={() => {
        start.current = null;
      }}
      onKeyDown={(event) => {
        if (event.key === 'ArrowLeft') set(props.widthPx - STEP_PX);
        else if (event.key === 'ArrowRight') set(props.widthPx + STEP_PX);
        else return;
        event.preventDefault();
      }}
    />
  );
}

import { type PointerEvent, useState } from 'react';
import type { Stretch } from '@/model/timelineScale';

/** Less than so many pixels is a click. */
const LEAST_PX = 4;

/** Choosing a stretch by dragging across an element whose width stands for `scale`; `chosen` is in shares of the width. */
export function useDragStretch(scale: Stretch, onChosen: (stretch: Stretch) => void) {
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);
  const shareAt = (event: PointerEvent<HTMLElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    return Math.max(0, Math.min(1, (event.clientX - left) / Math.max(1, width)));
  };
  const length = scale.toUs - scale.fromUs;
  return {
    chosen: drag && { from: Math.min(drag.from, drag.to), to: Math.max(drag.from, drag.to) },
    handlers: {
      onPointerDown(event: PointerEvent<HTMLElement>) {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setDrag({ from: shareAt(event), to: shareAt(event) });
      },
      onPointerMove(event: PointerEvent<HTMLElement>) {
        if (drag) setDrag({ from: drag.from, to: shareAt(event) });
      },
      onPointerUp(event: PointerEvent<HTMLElement>) {
        if (!drag) return;
        setDrag(null);
        const to = shareAt(event);
        if (Math.abs(to - drag.from) * event.currentTarget.clientWidth < LEAST_PX) return;
        onChosen({
          fromUs: scale.fromUs + Math.min(drag.from, to) * length,
          toUs: scale.fromUs + Math.max(drag.from, to) * length,
        });
      },
      onPointerCancel: () => setDrag(null),
    },
  };
}

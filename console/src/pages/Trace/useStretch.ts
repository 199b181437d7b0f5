import { useCallback, useEffect, useRef, useState } from 'react';
import { clampStretch, formatStretch, isWhole, parseStretch, type Stretch } from '@/model/timelineScale';

const SETTLES_MS = 300;

/**
 * The stretch of the trace that is looked at. It follows the pointer at once and the address when it has come to rest;
 * an address that changes by itself (going back) is followed too.
 */
export function useStretch(
  zoom: string | null,
  lengthUs: number,
  onZoom: (zoom: string | null) => void,
): [Stretch, (stretch: Stretch) => void] {
  const [stretch, setStretch] = useState<Stretch | null>(() => parseStretch(zoom, lengthUs));
  const told = useRef(zoom);
  const timer = useRef<number | undefined>(undefined);
  const report = useRef(onZoom);
  report.current = onZoom;

  useEffect(() => {
    if (zoom === told.current) return;
    told.current = zoom;
    window.clearTimeout(timer.current);
    setStretch(parseStretch(zoom, lengthUs));
  }, [zoom, lengthUs]);
  useEffect(() => () => window.clearTimeout(timer.current), []);

  const change = useCallback(
    (wanted: Stretch) => {
      const clamped = clampStretch(wanted, lengthUs);
      const after = isWhole(clamped, lengthUs) ? null : clamped;
      setStretch(after);
      window.clearTimeout(timer.current);
      timer.current = window.setTimeout(() => {
        told.current = after && formatStretch(after);
        report.current(told.current);
      }, SETTLES_MS);
    },
    [lengthUs],
  );
  // A trace in progress grows: everything is always all of it.
  const [whole, setWhole] = useState<Stretch>({ fromUs: 0, toUs: lengthUs });
  if (whole.toUs !== lengthUs) setWhole({ fromUs: 0, toUs: lengthUs });
  return [stretch ?? whole, change];
}

import { useCallback, useLayoutEffect, useRef } from 'react';

/** The same function at every rendering, which does what the newest one does; for events, not for rendering. */
export function useStable<Args extends unknown[]>(does: (...args: Args) => void): (...args: Args) => void {
  const newest = useRef(does);
  useLayoutEffect(() => {
    newest.current = does;
  });
  return useCallback((...args: Args) => newest.current(...args), []);
}

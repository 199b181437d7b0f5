import { type RefObject, useLayoutEffect } from 'react';

const LEAST_PX = 380;
const MARGIN_PX = 24;

/** Keeps an element as high as what is left of the window below what stands above it. */
export function useFillHeight(element: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const fill = () => {
      const { current } = element;
      if (!current) return;
      const top = current.getBoundingClientRect().top + window.scrollY;
      const height = `${Math.max(LEAST_PX, Math.floor(window.innerHeight - top - MARGIN_PX))}px`;
      if (current.style.getPropertyValue('--rl-fill') !== height) current.style.setProperty('--rl-fill', height);
    };
    fill();
    window.addEventListener('resize', fill);
    // What stands above grows and shrinks: alerts come, toolbars wrap.
    const above = new ResizeObserver(fill);
    const parent = element.current?.parentElement;
    for (const sibling of parent?.children ?? []) if (sibling !== element.current) above.observe(sibling);
    return () => {
      window.removeEventListener('resize', fill);
      above.disconnect();
    };
  });
}

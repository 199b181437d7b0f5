import type { ReactNode } from 'react';
import type { NodeKind } from './nodeKind';

// Line drawings on a field of 24 by 24.
const DRAWINGS: Record<NodeKind, ReactNode> = {
  client: (
    <>
      <circle cx="12" cy="8" r="4" />
      <path d="M4 21c0-4.5 3.5-7 8-7s8 2.5 8 7" />
    </>
  ),
  gateway: (
    <>
      <path d="M3 4v16M21 4v16" />
      <path d="M7 9h10M14 6l3 3-3 3M17 16H7M10 13l-3 3 3 3" />
    </>
  ),
  function: <path d="M6 4h3.5l8 16H20M10.8 10 5.5 20" />,
  table: (
    <>
      <rect x="3" y="4" width="18" height="16" rx="2" />
      <path d="M3 9.500h18M3 14.800h18M9.5 9.500V20" />
    </>
  ),
  bucket: (
    <>
      <ellipse cx="12" cy="6" rx="8" ry="2.8" />
      <path d="M4 6l2 13c.3 1.5 3 2.3 6 2.300s5.7-.8 6-2.300l2-13" />
    </>
  ),
  topic: (
    <>
      <circle cx="5.5" cy="12" r="2.5" />
      <circle cx="18.5" cy="5" r="2.5" />
      <circle cx="18.5" cy="12" r="2.5" />
      <circle cx="18.5" cy="19" r="2.5" />
      <path d="M8 12h8M7.6 10.7 16.3 6.200M7.6 13.300l8.7 4.5" />
    </>
  ),
  queue: (
    <>
      <rect x="3" y="7" width="4" height="10" rx="1" />
      <rect x="10" y="7" width="4" height="10" rx="1" />
      <rect x="17" y="7" width="4" height="10" rx="1" />
    </>
  ),
  container: (
    <>
      <path d="M12 2.5 20.5 7v10L12 21.5 3.5 17V7z" />
      <path d="M3.5 7 12 11.7 20.5 7M12 11.700v9.8" />
    </>
  ),
  server: (
    <>
      <rect x="4" y="3" width="16" height="7.5" rx="1.5" />
      <rect x="4" y="13.5" width="16" height="7.5" rx="1.5" />
      <path d="M8 6.800h.01M8 17.300h.01M12 6.800h4.500M12 17.300h4.5" />
    </>
  ),
  database: (
    <>
      <ellipse cx="12" cy="5.5" rx="8" ry="2.8" />
      <path d="M4 5.500v13c0 1.5 3.6 2.8 8 2.800s8-1.3 8-2.800v-13M4 12c0 1.5 3.6 2.8 8 2.800s8-1.3 8-2.8" />
    </>
  ),
  workflow: (
    <>
      <rect x="8.5" y="2.5" width="7" height="5" rx="1" />
      <rect x="2.5" y="16.5" width="7" height="5" rx="1" />
      <rect x="14.5" y="16.5" width="7" height="5" rx="1" />
      <path d="M12 7.500v4.500M6 16.500V12h12v4.5" />
    </>
  ),
  events: (
    <>
      <circle cx="12" cy="12" r="9" />
      <path d="M12 6.500V12l4 2.5" />
    </>
  ),
  remote: (
    <>
      <circle cx="12" cy="12" r="9" />
      <path d="M3 12h18M12 3c3 3 3.8 6 3.8 9s-.8 6-3.8 9c-3-3-3.8-6-3.8-9S9 6 12 3z" />
    </>
  ),
  aws: <path d="M7 19a4.5 4.5 0 0 1-.6-9A6 6 0 0 1 18 8.6 5.2 5.2 0 0 1 17 19z" />,
  service: (
    <>
      <circle cx="12" cy="12" r="3.2" />
      <path d="M12 2.500v3.300M12 18.200v3.300M2.5 12h3.300M18.2 12h3.300M5.3 5.300l2.3 2.300M16.4 16.400l2.3 2.300M18.7 5.300l-2.3 2.300M7.6 16.400l-2.3 2.3" />
    </>
  ),
};

/** The picture of a kind of node, `size` pixels wide and high, its middle at (x, y) of the surrounding drawing. */
export function NodeIcon(props: { kind: NodeKind; x: number; y: number; size: number }) {
  const { x, y, size } = props;
  return (
    <g
      className="rl-map-icon"
      transform={`translate(${x - size / 2} ${y - size / 2}) scale(${size / 24})`}
      fill="none"
      strokeWidth={1.6}
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {DRAWINGS[props.kind]}
    </g>
  );
}

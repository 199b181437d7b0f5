import './SpanIcon.css';
import { memo } from 'react';

/** What marks a span, each with a shape of its own. */
export type SpanMark =
  | 'ok'
  | 'fault'
  | 'error'
  | 'throttle'
  | 'exception'
  | 'coldStart'
  | 'inProgress'
  | 'inferred'
  | 'remote'
  | 'skewed'
  | 'negative'
  | 'annotated'
  | 'orphan';

/** Everything that has a shape: marks of spans, and what takes longer than usual. */
export type Mark = SpanMark | 'slow';

const SHAPES: Record<Mark, [className: string, path: string]> = {
  ok: ['mark-ok', 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM5 8l2 2 4-4'],
  fault: ['mark-fault', 'M5 1h6l4 4v6l-4 4H5l-4-4V5zM5.5 5.5l5 5M10.5 5.5l-5 5'],
  error: ['mark-error', 'M8 1.5 15 14.5H1zM8 6v4M8 11.5v1.4'],
  throttle: [
    'mark-throttle',
    'M3 1.5h10M3 14.5h10M4.5 1.5c0 4 3.5 5 3.5 6.5s-3.5 2.5-3.5 6.5M11.5 1.5c0 4-3.5 5-3.5 6.5s3.5 2.5 3.5 6.5',
  ],
  exception: ['mark-fault', 'M9.5 1 3.5 9H8l-1.5 6 6-8H8z'],
  coldStart: ['mark-cold', 'M8 1v14M1.9 4.5l12.2 7M14.1 4.5l-12.2 7M6 2l2 2 2-2M6 14l2-2 2 2'],
  inProgress: ['mark-unfinished', 'M8 1.5a6.5 6.5 0 1 1-6.5 6.5M8 1.5A6.5 6.5 0 0 0 3.4 3.4M8 4.5V8l2.5 2'],
  inferred: [
    '',
    'M8 1.5v1M8 13.5v1M1.5 8h1M13.5 8h1M3.4 3.4l.8.8M11.8 11.8l.8.8M3.4 12.6l.8-.8M11.8 4.2l.8-.8M6 8a2 2 0 1 0 4 0 2 2 0 1 0-4 0',
  ],
  remote: ['', 'M2 14 14 2M7 2h7v7'],
  slow: ['mark-slow', 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM8 4v4l3 2'],
  skewed: ['mark-error', 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM8 4.5V8L5 9.5'],
  negative: ['mark-fault', 'M14 8H2M6 4 2 8l4 4'],
  annotated: ['', 'M1.5 1.5h6l7 7-6 6-7-7zM4.5 4.5h.1'],
  orphan: [
    'mark-error',
    'M6.5 4.5 8 3a3.5 3.5 0 0 1 5 5l-1.5 1.5M9.5 11.5 8 13a3.5 3.5 0 0 1-5-5l1.5-1.5M5 1.5v2M1.5 5h2M11 14.5v-2M14.5 11h-2',
  ],
};

/** A mark of a span; its meaning is its name and shows when the pointer rests on it; one without text is decoration. */
export const SpanIcon = memo(function SpanIcon(props: { mark: Mark; text: string }) {
  const [className, path] = SHAPES[props.mark];
  return (
    <svg
      className={`mark ${className}`}
      viewBox="0 0 16 16"
      role="img"
      aria-label={props.text || undefined}
      aria-hidden={props.text ? undefined : true}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.6"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {props.text && <title>{props.text}</title>}
      <path d={path} />
    </svg>
  );
});

import type { Mark } from './types';

const PATHS: Record<Mark['kind'], string> = {
  // A triangle with an exclamation mark, a target, and a line that leaves its way
  insight: 'M8 1.5 15 14.5H1zM8 6v4M8 11.8v1.2',
  cause: 'M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM8 5.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z',
  unusual: 'M1 10.5h4L8 2.5l3 11 1.6-3H15',
};

/** The shape of a mark; its word stands beside it. */
export function MarkIcon(props: { kind: Mark['kind'] }) {
  return (
    <svg
      className="rl-map-mark-icon"
      viewBox="0 0 16 16"
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={PATHS[props.kind]} />
    </svg>
  );
}

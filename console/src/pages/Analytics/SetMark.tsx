import './analytics.css';

/** The letter of a set on its colour. */
export function SetMark(props: { letter: 'A' | 'B' }) {
  return <span className={`set-mark set-mark-${props.letter.toLowerCase()}`}>{props.letter}</span>;
}

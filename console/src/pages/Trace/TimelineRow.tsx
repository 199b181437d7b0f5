// biome-ignore-all lint/a11y/useSemanticElements: rows are virtual, which no table can be
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names the active row
import { memo } from 'react';
import { SpanIcon } from '@/components/SpanIcon';
import { formatMs, visible } from '@/model/format';
import { ORPHANS_ROW } from '@/model/timelineRows';
import { pathParts, type Stretch } from '@/model/timelineScale';
import { drawnEndUs, hasChildren, isSet, outcomeOf, SpanFlag, type TraceTree } from '@/model/traceTree';
import { marksOf, noteOf, type RowTexts } from './rowTexts';
import { serviceClass } from './serviceClass';

export const ROW_PX = 28;

interface RowProps {
  tree: TraceTree;
  /** Position of a span, or ORPHANS_ROW. */
  row: number;
  /** Place among the rows, from 0. */
  index: number;
  isClosed: boolean;
  isActive: boolean;
  isOpen: boolean;
  isHit: boolean;
  isDim: boolean;
  showsPath: boolean;
  stretch: Stretch;
  /** How long a pixel is, microseconds. */
  finestUs: number;
  indentPx: number;
  find: string;
  texts: RowTexts;
}

/** The id of a row's element. */
export function rowElementId(row: number): string {
  return `span-row-${row === ORPHANS_ROW ? 'orphans' : row}`;
}

/** One row of the timeline. Clicks are handled by the grid, which finds the row by its data. */
export const TimelineRow = memo(function TimelineRow(props: RowProps) {
  const { tree, row, texts } = props;
  const isOrphans = row === ORPHANS_ROW;
  const flags = isOrphans ? 0 : (tree.flags[row] ?? 0);
  const canOpen = isOrphans || hasChildren(tree, row);
  const classes = [
    'tl-row',
    serviceClass(isOrphans ? -1 : tree.service[row]),
    isSet(flags, SpanFlag.segment) && 'tl-segment',
    props.isActive && 'tl-row-active',
    props.isOpen && 'tl-row-open',
    props.isHit && 'tl-row-hit',
    props.isDim && 'tl-row-dim',
  ];
  return (
    <div
      role="row"
      id={rowElementId(row)}
      data-row={row}
      className={classes.filter(Boolean).join(' ')}
      style={{ transform: `translateY(${props.index * ROW_PX}px)` }}
      aria-rowindex={props.index + 2}
      aria-level={isOrphans ? 1 : tree.level[row]}
      aria-expanded={canOpen ? !props.isClosed : undefined}
      aria-selected={props.isOpen}
    >
      {isOrphans ? (
        <div role="gridcell" className="tl-orphans" aria-colspan={4}>
          <Toggle canOpen isClosed={props.isClosed} />
          <SpanIcon mark="orphan" text={texts.marks.orphan} />
          {texts.orphans}
        </div>
      ) : (
        <>
          <NameCell {...props} flags={flags} canOpen={canOpen} />
          <div role="gridcell" className="tl-cell tl-number">
            {tree.status[row] || ''}
          </div>
          <div role="gridcell" className="tl-cell tl-number">
            {(tree.durationUs[row] ?? 0) < 0 ? '–' : formatMs((tree.durationUs[row] ?? 0) / 1000)}
          </div>
          <BarCell {...props} flags={flags} />
        </>
      )}
    </div>
  );
});

function Toggle(props: { canOpen: boolean; isClosed: boolean }) {
  if (!props.canOpen) return <span className="tl-toggle" />;
  return (
    <span className={props.isClosed ? 'tl-toggle tl-toggle-closed' : 'tl-toggle'} data-toggle="" aria-hidden="true">
      <svg width="10" height="10" viewBox="0 0 10 10" fill="currentColor" aria-hidden="true">
        <path d="M1 2.5h8L5 8z" />
      </svg>
    </span>
  );
}

function NameCell(props: RowProps & { flags: number; canOpen: boolean }) {
  const { tree, row, texts } = props;
  const name = tree.names[tree.name[row] ?? -1] ?? '';
  const service = tree.services[tree.service[row] ?? -1];
  const aside = isSet(props.flags, SpanFlag.segment) ? service?.type : '';
  return (
    <div
      role="rowheader"
      className="tl-namecell"
      style={{ paddingInlineStart: 4 + ((tree.level[row] ?? 1) - 1) * props.indentPx }}
    >
      <Toggle canOpen={props.canOpen} isClosed={props.isClosed} />
      <span className="tl-chip" />
      {marksOf(props.flags).map((mark) => (
        <SpanIcon key={mark} mark={mark} text={texts.marks[mark]} />
      ))}
      <span className="tl-label">
        <Found text={visible(name) || texts.unnamed} find={props.isHit ? props.find : ''} />
      </span>
      {aside ? <span className="tl-service-name">{visible(aside)}</span> : null}
    </div>
  );
}

/** A text with what was searched for marked. */
function Found(props: { text: string; find: string }) {
  const wanted = props.find.trim();
  const at = wanted ? props.text.toLowerCase().indexOf(wanted.toLowerCase()) : -1;
  if (at < 0) return props.text;
  return (
    <>
      {props.text.slice(0, at)}
      <mark className="tl-mark">{props.text.slice(at, at + wanted.length)}</mark>
      {props.text.slice(at + wanted.length)}
    </>
  );
}

function BarCell(props: RowProps & { flags: number }) {
  const { tree, row, stretch, flags, texts } = props;
  const length = stretch.toUs - stretch.fromUs;
  const offset = tree.offsetUs[row] ?? 0;
  const percent = (us: number) => ((us - stretch.fromUs) / length) * 100;
  // A bar is cut a little outside of what is seen: browsers lose exactness with lengths of millions of pixels.
  const left = Math.max(-1, Math.min(101, percent(offset)));
  const right = Math.max(-1, Math.min(101, percent(drawnEndUs(tree, row))));
  const outcome = outcomeOf(flags);
  const bar = [
    'tl-bar',
    outcome !== 'ok' && `tl-bar-${outcome}`,
    isSet(flags, SpanFlag.inferred) && 'tl-bar-inferred',
    isSet(flags, SpanFlag.inProgress) && 'tl-bar-unfinished',
    isSet(flags, SpanFlag.negative) && 'tl-bar-negative',
  ];
  const isSeen = right >= 0 && left <= 100;
  return (
    <div role="gridcell" className="tl-lane">
      {isSeen && (
        <div
          className={bar.filter(Boolean).join(' ')}
          style={{ left: `${left}%`, width: `${Math.max(0, right - left)}%` }}
        />
      )}
      {props.showsPath &&
        pathParts(tree, row, stretch, props.finestUs).map((part) => (
          <div
            key={part.fromUs}
            className="tl-path"
            style={{
              left: `${Math.max(-1, percent(part.fromUs))}%`,
              width: `${Math.min(101, percent(part.toUs)) - Math.max(-1, percent(part.fromUs))}%`,
            }}
          />
        ))}
      <Note {...props} left={left} right={right} texts={texts} />
    </div>
  );
}

function Note(props: RowProps & { left: number; right: number }) {
  const { left, right } = props;
  const note = noteOf(props.tree, props.row, props.texts);
  const started = props.texts.starts(formatMs((props.tree.offsetUs[props.row] ?? 0) / 1000));
  if (right < 0) return <Aside text="‹" label={started} left={0} />;
  if (left > 100) return <Aside text="›" label={started} left={97} />;
  if (!note) return <span className="tl-hidden">{started}</span>;
  const place =
    right < 68
      ? { className: 'tl-note', left: right }
      : left > 32
        ? { className: 'tl-note tl-note-before', left }
        : { className: 'tl-note tl-note-over', left: Math.max(0, left) };
  return (
    <span className={place.className} style={{ left: `${place.left}%` }}>
      <SpanIcon mark={note.mark} text="" />
      {note.text}
    </span>
  );
}

function Aside(props: { text: string; label: string; left: number }) {
  return (
    <span className="tl-note" style={{ left: `${props.left}%` }}>
      <span aria-hidden="true">{props.text}</span>
      <span className="tl-hidden">{props.label}</span>
    </span>
  );
}

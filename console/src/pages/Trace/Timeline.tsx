import type { InputProps } from '@cloudscape-design/components/input';
import {
  type CSSProperties,
  type KeyboardEvent,
  type RefObject,
  useDeferredValue,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import { nextMatch, positionsIn, spansWith } from '@/model/spanSearch';
import {
  allOpen,
  type Closed,
  closedAgain,
  isClosed,
  ORPHANS_ROW,
  openToLevel,
  rowIndexes,
  shownRows,
  withRow,
  withWayTo,
} from '@/model/timelineRows';
import { isWhole, panned, zoomed } from '@/model/timelineScale';
import {
  drawnEndUs,
  hasChildren,
  isOnPath,
  isWrong,
  spansThat,
  type TraceTree,
  withAncestors,
} from '@/model/traceTree';
import { useTraceView } from '@/stores/traceView';
import { Divider } from './Divider';
import { Minimap } from './Minimap';
import { useRowTexts } from './rowTexts';
import { TimelineGrid, type Wish } from './TimelineGrid';
import { TimelineLegend } from './TimelineLegend';
import { ROW_PX } from './TimelineRow';
import { TimelineToolbar } from './TimelineToolbar';
import type { TraceState } from './url';
import { useStretch } from './useStretch';
import { useWidth } from './useWidth';

/** Widths of the columns of status and response time, as trace.css has them. */
const FIXED_PX = 148;
const LEAST_LANE_PX = 120;

/** What belongs to one tree: positions mean nothing in another. */
interface Held {
  tree: TraceTree;
  closed: Closed;
  active: number;
}

/** The spans of a trace against time, with everything to look through them. */
export function Timeline(props: {
  tree: TraceTree;
  state: TraceState;
  /** Position of the span whose panel is open, -1 for none. */
  openSpan: number;
  /** Spans that are not dimmed; null dims none. */
  lit: Uint8Array | null;
  gridRef: RefObject<HTMLDivElement | null>;
  onState(values: Partial<TraceState>): void;
  onOpen(position: number): void;
  onClose(): void;
}) {
  const { tree, state, openSpan, gridRef, onState } = props;
  const { t } = useTranslation('trace');
  const texts = useRowTexts(tree.orphans);
  const { nameWidthPx, showsPath, change } = useTraceView();
  const frame = useRef<HTMLDivElement>(null);
  const search = useRef<InputProps.Ref>(null);
  const frameWidth = useWidth(frame);

  const [held, setHeld] = useState<Held>(() => ({
    tree,
    closed: openSpan >= 0 ? withWayTo(tree, allOpen(tree), openSpan) : allOpen(tree),
    active: Math.max(0, openSpan),
  }));
  if (held.tree !== tree) {
    const activeId = held.tree.ids[held.active] ?? '';
    setHeld({
      tree,
      closed: closedAgain(held.tree, held.closed, tree),
      active: held.active === ORPHANS_ROW ? ORPHANS_ROW : Math.max(0, tree.ids.indexOf(activeId)),
    });
  }
  const closed = held.tree === tree ? held.closed : allOpen(tree);
  const [wish, setWish] = useState<Wish | null>(openSpan >= 0 ? { row: openSpan, align: 'center', count: 1 } : null);
  const setClosed = (after: Closed) => setHeld((before) => ({ ...before, closed: after }));

  const [stretch, setStretch] = useStretch(state.zoom, tree.lengthUs, (zoom) => onState({ zoom }));
  const [find, setFind] = useState(state.find);
  const deferredFind = useDeferredValue(find);
  const hits = useMemo(() => spansWith(tree, deferredFind), [tree, deferredFind]);
  const kept = useMemo(() => {
    if (state.only === 'errors')
      return withAncestors(
        tree,
        spansThat(tree, (i) => isWrong(tree, i)),
      );
    if (state.only === 'path')
      return withAncestors(
        tree,
        spansThat(tree, (i) => isOnPath(tree, i)),
      );
    return null;
  }, [tree, state.only]);
  const matches = useMemo(() => (hits ? positionsIn(hits, kept) : new Int32Array()), [hits, kept]);
  const rows = useMemo(() => shownRows(tree, closed, kept), [tree, closed, kept]);
  const indexes = useMemo(() => rowIndexes(tree, rows), [tree, rows]);
  const activeIndex = indexOfShown(tree, rows, indexes, held.active);

  const activate = (row: number, align: Wish['align'] = 'auto') => {
    setHeld((before) => ({ ...before, active: row }));
    setWish((before) => ({ row, align, count: (before?.count ?? 0) + 1 }));
  };
  const goTo = (span: number) => {
    setClosed(withWayTo(tree, closed, span));
    activate(span, 'center');
  };
  const setRow = (row: number, isToBeClosed: boolean) => setClosed(withRow(closed, row, isToBeClosed));
  const goToMatch = (direction: 1 | -1) => {
    const match = matches[nextMatch(matches, matches.length ? held.active : -1, direction)];
    if (match !== undefined) goTo(match);
  };
  const open = (row: number) => {
    if (row === ORPHANS_ROW) setRow(row, !isClosed(closed, row));
    else props.onOpen(row);
  };

  // A span that was opened elsewhere (a link in the panel, going back) comes into view.
  const [openBefore, setOpenBefore] = useState(openSpan);
  if (openBefore !== openSpan) {
    setOpenBefore(openSpan);
    if (openSpan >= 0 && openSpan !== held.active) goTo(openSpan);
  }

  // The search in the address follows when typing has come to rest.
  const report = useRef(onState);
  report.current = onState;
  useEffect(() => {
    if (find === state.find) return;
    const timer = window.setTimeout(() => report.current({ find }), 400);
    return () => window.clearTimeout(timer);
  }, [find, state.find]);

  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      const isTyping = event.target instanceof Element && event.target.closest('input, textarea, [contenteditable]');
      if (event.key.toLowerCase() !== 'f' || event.ctrlKey || event.metaKey || event.altKey || isTyping) return;
      event.preventDefault();
      search.current?.focus();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);

  const zoomBy = (factor: number | null) => {
    if (factor === null) setStretch({ fromUs: 0, toUs: tree.lengthUs });
    else setStretch(zoomed(stretch, (stretch.fromUs + stretch.toUs) / 2, factor, tree.lengthUs));
  };
  const onKey = (event: KeyboardEvent<HTMLElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const row = rows[activeIndex];
    if (row === undefined) return;
    const goToIndex = (index: number) => {
      const next = rows[Math.max(0, Math.min(rows.length - 1, index))];
      if (next !== undefined) activate(next);
    };
    const page = Math.max(1, Math.floor((gridRef.current?.clientHeight ?? 0) / ROW_PX) - 2);
    const canOpen = row === ORPHANS_ROW || hasChildren(tree, row);
    const actions = new Map<string, () => void>([
      ['ArrowDown', () => goToIndex(activeIndex + 1)],
      ['ArrowUp', () => goToIndex(activeIndex - 1)],
      ['PageDown', () => goToIndex(activeIndex + page)],
      ['PageUp', () => goToIndex(activeIndex - page)],
      ['Home', () => goToIndex(0)],
      ['End', () => goToIndex(rows.length - 1)],
      [
        'ArrowRight',
        () => {
          if (!canOpen) return;
          if (isClosed(closed, row)) setRow(row, false);
          else goToIndex(activeIndex + 1);
        },
      ],
      [
        'ArrowLeft',
        () => {
          if (canOpen && !isClosed(closed, row)) return setRow(row, true);
          const parent = row === ORPHANS_ROW ? -1 : (tree.parent[row] ?? -1);
          if (parent >= 0) activate(parent);
          else if (tree.level[row] === 2) activate(ORPHANS_ROW);
        },
      ],
      ['Enter', () => open(row)],
      [' ', () => open(row)],
      ['Escape', props.onClose],
      ['+', () => zoomBy(0.5)],
      ['=', () => zoomBy(0.5)],
      ['-', () => zoomBy(2)],
      ['0', () => zoomBy(null)],
      ['[', () => setStretch(panned(stretch, -0.25, tree.lengthUs))],
      [']', () => setStretch(panned(stretch, 0.25, tree.lengthUs))],
      [
        'z',
        () => {
          if (row !== ORPHANS_ROW) setStretch({ fromUs: tree.offsetUs[row] ?? 0, toUs: drawnEndUs(tree, row) });
        },
      ],
    ]);
    const action = actions.get(event.key);
    if (!action) return;
    event.preventDefault();
    action();
  };

  const mostNamePx = Math.max(140, frameWidth - FIXED_PX - LEAST_LANE_PX);
  const namePx = frameWidth ? Math.min(nameWidthPx, mostNamePx) : nameWidthPx;
  const lanePx = Math.max(LEAST_LANE_PX, frameWidth - FIXED_PX - namePx - 16);
  const match = matches.indexOf(held.active) + 1;
  return (
    <>
      <TimelineToolbar
        find={find}
        matches={matches.length}
        match={match}
        only={state.only}
        hasPath={tree.hasPath}
        showsPath={showsPath}
        isZoomed={!isWhole(stretch, tree.lengthUs)}
        searchRef={search}
        onFind={setFind}
        onMatch={goToMatch}
        onOnly={(only) => onState({ only })}
        onShowPath={(shows) => change({ showsPath: shows })}
        onLevel={(level) => setClosed(openToLevel(tree, level))}
        onZoom={zoomBy}
      />
      <Minimap tree={tree} stretch={stretch} onStretch={setStretch} />
      <div ref={frame} className="tl-frame" style={{ '--tl-name': `${namePx}px` } as CSSProperties}>
        <Divider
          widthPx={namePx}
          mostPx={mostNamePx}
          label={t('nameWidth')}
          onChange={(width) => change({ nameWidthPx: width })}
        />
        <TimelineGrid
          tree={tree}
          rows={rows}
          closed={closed}
          activeIndex={activeIndex}
          openSpan={openSpan}
          hits={hits}
          find={deferredFind}
          lit={props.lit}
          showsPath={showsPath}
          stretch={stretch}
          laneWidthPx={lanePx}
          indentPx={Math.min(16, (namePx * 0.5) / tree.maxLevel)}
          texts={texts}
          wish={wish}
          gridRef={gridRef}
          onStretch={setStretch}
          onWheelZoom={(share, factor) =>
            setStretch(zoomed(stretch, stretch.fromUs + share * (stretch.toUs - stretch.fromUs), factor, tree.lengthUs))
          }
          onClickRow={(row, isToggle) => {
            setHeld((before) => ({ ...before, active: row }));
            if (isToggle || row === ORPHANS_ROW) setRow(row, !isClosed(closed, row));
            else props.onOpen(row);
          }}
          onKey={onKey}
        />
        {rows.length === 0 && <p className="tl-empty">{t(state.only === 'errors' ? 'noErrors' : 'noSpans')}</p>}
      </div>
      <TimelineLegend tree={tree} showsPath={showsPath && tree.hasPath} />
    </>
  );
}

/** The index of a row, or of the nearest one above it that is not hidden. */
function indexOfShown(tree: TraceTree, rows: Int32Array, indexes: Int32Array, row: number): number {
  if (row === ORPHANS_ROW) return Math.max(0, rows.indexOf(ORPHANS_ROW));
  for (let i = row; i >= 0; i = tree.parent[i] ?? -1) {
    const index = indexes[i] ?? -1;
    if (index >= 0) return index;
  }
  return rows.length ? 0 : -1;
}

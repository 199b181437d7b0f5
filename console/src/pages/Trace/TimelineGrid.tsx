// biome-ignore-all lint/a11y/useSemanticElements: rows are virtual, which no table can be
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names the active row
import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type PointerEvent, type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { type Closed, isClosed } from '@/model/timelineRows';
import type { Stretch } from '@/model/timelineScale';
import type { TraceTree } from '@/model/traceTree';
import { Axis, ticksFor } from './Axis';
import { HoverTip, type HoverTipHandle } from './HoverTip';
import type { RowTexts } from './rowTexts';
import { ROW_PX, rowElementId, TimelineRow } from './TimelineRow';

const HEAD_PX = 32;
/** Rows drawn outside of what is seen, so that scrolling meets no blanks. */
const OVERSCAN = 8;

/** A row to be brought into view; `count` tells two wishes for the same row apart. */
export interface Wish {
  row: number;
  align: 'auto' | 'center';
  count: number;
}

interface GridProps {
  tree: TraceTree;
  rows: Int32Array;
  closed: Closed;
  /** Index of the active row in `rows`. */
  activeIndex: number;
  openSpan: number;
  hits: Uint8Array | null;
  find: string;
  /** Spans that are not dimmed; null dims none. */
  lit: Uint8Array | null;
  showsPath: boolean;
  stretch: Stretch;
  laneWidthPx: number;
  indentPx: number;
  texts: RowTexts;
  wish: Wish | null;
  gridRef: RefObject<HTMLDivElement | null>;
  onStretch(stretch: Stretch): void;
  onWheelZoom(share: number, factor: number): void;
  onClickRow(row: number, isToggle: boolean): void;
  onKey(event: KeyboardEvent<HTMLElement>): void;
}

/** The rows of the timeline: a treegrid of which only what is seen exists. */
export function TimelineGrid(props: GridProps) {
  const { t } = useTranslation('trace');
  const { tree, rows, gridRef, activeIndex, stretch, wish, texts } = props;
  const tip = useRef<HoverTipHandle>(null);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => gridRef.current,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
    scrollMargin: HEAD_PX,
    scrollPaddingStart: HEAD_PX,
    // The active row always exists: assistive technology is told its id.
    rangeExtractor: (range: Range) => {
      const drawn = defaultRangeExtractor(range);
      if (activeIndex < 0 || activeIndex >= range.count || drawn.includes(activeIndex)) return drawn;
      return activeIndex < (drawn[0] ?? 0) ? [activeIndex, ...drawn] : [...drawn, activeIndex];
    },
  });

  const wishes = useRef(0);
  useLayoutEffect(() => {
    if (!wish || wish.count === wishes.current) return;
    const index = rows.indexOf(wish.row);
    if (index < 0) return;
    wishes.current = wish.count;
    virtualizer.scrollToIndex(index, { align: wish.align });
  }, [wish, rows, virtualizer]);

  const onWheelZoom = useRef(props.onWheelZoom);
  onWheelZoom.current = props.onWheelZoom;
  useEffect(() => {
    const grid = gridRef.current;
    // React listens passively, where zooming of the page cannot be kept off.
    const onWheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) {
        tip.current?.show(null, 0, 0);
        return;
      }
      event.preventDefault();
      const lane = grid?.querySelector('.tl-axis')?.getBoundingClientRect();
      if (!lane) return;
      const share = Math.max(0, Math.min(1, (event.clientX - lane.left) / Math.max(1, lane.width)));
      onWheelZoom.current(share, event.deltaY > 0 ? 1.25 : 0.8);
    };
    grid?.addEventListener('wheel', onWheel, { passive: false });
    return () => grid?.removeEventListener('wheel', onWheel);
  }, [gridRef]);

  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    const row = event.pointerType === 'mouse' ? rowAt(event.target) : null;
    tip.current?.show(row, event.clientX, event.clientY);
  };
  const finestUs = (stretch.toUs - stretch.fromUs) / Math.max(200, props.laneWidthPx);
  const activeRow = rows[activeIndex];
  return (
    <>
      <div
        ref={gridRef}
        className="tl-grid"
        role="treegrid"
        tabIndex={0}
        aria-label={t('timeline')}
        aria-rowcount={rows.length + 1}
        aria-colcount={4}
        aria-activedescendant={activeRow === undefined ? undefined : rowElementId(activeRow)}
        onKeyDown={props.onKey}
        onPointerMove={onPointerMove}
        onPointerLeave={() => tip.current?.show(null, 0, 0)}
        onClick={(event) => {
          const row = rowAt(event.target);
          if (row === null) return;
          const isToggle = event.target instanceof Element && event.target.closest('[data-toggle]') !== null;
          props.onClickRow(row, isToggle);
        }}
      >
        <div role="rowgroup" className="tl-headgroup">
          <div role="row" className="tl-head" aria-rowindex={1}>
            <ColumnHeader>{t('name')}</ColumnHeader>
            <ColumnHeader>{t('status')}</ColumnHeader>
            <ColumnHeader>{t('time')}</ColumnHeader>
            <div role="columnheader" aria-label={t('bars')}>
              <Axis stretch={stretch} widthPx={props.laneWidthPx} label={t('axisHint')} onStretch={props.onStretch} />
            </div>
          </div>
        </div>
        <div role="rowgroup" className="tl-rows" style={{ height: virtualizer.getTotalSize() }}>
          <Grounds stretch={stretch} widthPx={props.laneWidthPx} />
          {virtualizer.getVirtualItems().map(({ index }) => {
            const row = rows[index] ?? 0;
            return (
              <TimelineRow
                key={row}
                tree={tree}
                row={row}
                index={index}
                isClosed={isClosed(props.closed, row)}
                isActive={index === activeIndex}
                isOpen={row >= 0 && row === props.openSpan}
                isHit={row >= 0 && props.hits?.[row] === 1}
                isDim={row >= 0 && props.lit !== null && props.lit[row] !== 1}
                showsPath={props.showsPath}
                stretch={stretch}
                finestUs={finestUs}
                indentPx={props.indentPx}
                find={props.find}
                texts={texts}
              />
            );
          })}
        </div>
      </div>
      <HoverTip ref={tip} tree={tree} texts={texts} />
    </>
  );
}

function ColumnHeader(props: { children: string }) {
  return (
    <div role="columnheader" className="tl-headcell">
      {props.children}
    </div>
  );
}

/** The ticks' lines behind the bars. */
function Grounds(props: { stretch: Stretch; widthPx: number }) {
  return (
    <div className="tl-grounds" aria-hidden="true">
      {ticksFor(props.stretch, props.widthPx).map((tick) => (
        <span key={tick.at} className="tl-tick" style={{ left: `${tick.percent}%` }} />
      ))}
    </div>
  );
}

function rowAt(target: EventTarget): number | null {
  const element = target instanceof Element ? target.closest('[data-row]') : null;
  const row = element?.getAttribute('data-row');
  return row ? Number(row) : null;
}

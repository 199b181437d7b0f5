import { type Ref, useImperativeHandle, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatMs, visible } from '@/model/format';
import { isOnPath, isSet, SpanFlag, type TraceTree } from '@/model/traceTree';
import { marksOf, noteOf, type RowTexts } from './rowTexts';
import { serviceClass } from './serviceClass';

/** Shows what a row is, at a place on the screen; null hides it. */
export interface HoverTipHandle {
  show(row: number | null, x: number, y: number): void;
}

const WIDTH_PX = 420;
const HEIGHT_PX = 200;

/** What the pointer rests on. Its state is its own: moving the pointer renders nothing else. */
export function HoverTip(props: { tree: TraceTree; texts: RowTexts; ref: Ref<HoverTipHandle> }) {
  const { t } = useTranslation('trace');
  const { tree } = props;
  const [shown, setShown] = useState<{ row: number; x: number; y: number } | null>(null);
  useImperativeHandle(props.ref, () => ({
    show: (row, x, y) => setShown((before) => (row === null ? (before === null ? before : null) : { row, x, y })),
  }));
  if (!shown || shown.row < 0 || shown.row >= tree.size) return null;
  const { row } = shown;
  const flags = tree.flags[row] ?? 0;
  const service = tree.services[tree.service[row] ?? -1];
  const duration = tree.durationUs[row] ?? 0;
  const note = noteOf(tree, row, props.texts);
  const facts: [string, string][] = [
    [t('service'), service ? [service.name, service.type].filter(Boolean).map(visible).join(' · ') : '–'],
    [t('kind'), isSet(flags, SpanFlag.segment) ? t('segment') : t('subsegment')],
    [t('starts'), `+${formatMs((tree.offsetUs[row] ?? 0) / 1000)}`],
    [t('responseTime'), duration < 0 ? t('inProgress') : formatMs(duration / 1000)],
  ];
  if (isOnPath(tree, row)) facts.push([t('held'), formatMs((tree.heldUs[row] ?? 0) / 1000)]);
  if (tree.status[row]) facts.push([t('status'), String(tree.status[row])]);
  const marks = marksOf(flags).map((mark) => (note?.mark === mark ? note.text : props.texts.marks[mark]));
  if (marks.length) facts.push([t('marks'), marks.join(', ')]);
  return (
    <div
      className={`tl-tip ${serviceClass(tree.service[row])}`}
      aria-hidden="true"
      style={{
        left: Math.max(8, Math.min(shown.x + 16, window.innerWidth - WIDTH_PX - 8)),
        top: shown.y + 20 + HEIGHT_PX > window.innerHeight ? undefined : shown.y + 20,
        bottom: shown.y + 20 + HEIGHT_PX > window.innerHeight ? window.innerHeight - shown.y + 12 : undefined,
      }}
    >
      <b className="text-as-sent">{shorten(visible(tree.names[tree.name[row] ?? -1] ?? ''))}</b>
      <dl>
        {facts.map(([label, value]) => (
          <span key={label} style={{ display: 'contents' }}>
            <dt>{label}</dt>
            <dd>{shorten(value)}</dd>
          </span>
        ))}
      </dl>
    </div>
  );
}

function shorten(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

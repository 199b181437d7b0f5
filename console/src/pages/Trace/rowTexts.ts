import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { SpanMark } from '@/components/SpanIcon';
import { formatMs } from '@/model/format';
import { isSet, SpanFlag, skewUs, type TraceTree } from '@/model/traceTree';

/** What rows say, looked up once for all of them. */
export interface RowTexts {
  marks: Record<SpanMark, string>;
  unnamed: string;
  unfinished: string;
  orphans: string;
  starts(at: string): string;
  skewed(by: string): string;
}

/** The texts of rows in the language in force. */
export function useRowTexts(orphans: number): RowTexts {
  const { t } = useTranslation('trace');
  return useMemo(
    () => ({
      marks: {
        ok: t('markOk'),
        fault: t('markFault'),
        error: t('markError'),
        throttle: t('markThrottle'),
        exception: t('markException'),
        coldStart: t('markColdStart'),
        inProgress: t('markInProgress'),
        inferred: t('markInferred'),
        remote: t('markRemote'),
        skewed: t('markSkewed'),
        negative: t('markNegative'),
        annotated: t('markAnnotated'),
        orphan: t('markOrphan'),
      },
      unnamed: t('unnamed'),
      unfinished: t('inProgress'),
      orphans: t('orphans', { count: orphans }),
      starts: (at) => t('startsAt', { at }),
      skewed: (by) => t('skewedBy', { by }),
    }),
    [t, orphans],
  );
}

/** What marks a span, what is worst first. */
export function marksOf(flags: number): SpanMark[] {
  const marks: SpanMark[] = [];
  if (isSet(flags, SpanFlag.fault)) marks.push('fault');
  if (isSet(flags, SpanFlag.throttle)) marks.push('throttle');
  if (isSet(flags, SpanFlag.error)) marks.push('error');
  if (isSet(flags, SpanFlag.exception)) marks.push('exception');
  if (isSet(flags, SpanFlag.coldStart)) marks.push('coldStart');
  if (isSet(flags, SpanFlag.inProgress)) marks.push('inProgress');
  if (isSet(flags, SpanFlag.orphan)) marks.push('orphan');
  if (isSet(flags, SpanFlag.skewed)) marks.push('skewed');
  if (isSet(flags, SpanFlag.negative)) marks.push('negative');
  if (isSet(flags, SpanFlag.inferred)) marks.push('inferred');
  else if (isSet(flags, SpanFlag.remote)) marks.push('remote');
  if (isSet(flags, SpanFlag.annotated)) marks.push('annotated');
  return marks;
}

/** What is written beside the bar of a span whose bar alone would mislead; empty for the others. */
export function noteOf(tree: TraceTree, row: number, texts: RowTexts): { mark: SpanMark; text: string } | null {
  const flags = tree.flags[row] ?? 0;
  if (isSet(flags, SpanFlag.skewed)) return { mark: 'skewed', text: texts.skewed(formatMs(skewUs(tree, row) / 1000)) };
  if (isSet(flags, SpanFlag.negative)) return { mark: 'negative', text: texts.marks.negative };
  if (isSet(flags, SpanFlag.coldStart)) return { mark: 'coldStart', text: texts.marks.coldStart };
  if (isSet(flags, SpanFlag.inProgress)) return { mark: 'inProgress', text: texts.unfinished };
  return null;
}

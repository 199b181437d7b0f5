import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { isSet, outcomeOf, SpanFlag, type TraceTree } from '@/model/traceTree';

/** What the bars of this trace mean; only what occurs in it. */
export function TimelineLegend(props: { tree: TraceTree; showsPath: boolean }) {
  const { t } = useTranslation('trace');
  const { t: shared } = useTranslation();
  const { tree, showsPath } = props;
  const found = useMemo(() => {
    const outcomes = new Set<string>();
    let flags = 0;
    for (let i = 0; i < tree.size; i += 1) {
      flags |= tree.flags[i] ?? 0;
      outcomes.add(outcomeOf(tree.flags[i]));
    }
    return { outcomes, flags };
  }, [tree]);
  const entries: [key: string, className: string, text: string][] = [];
  if (found.outcomes.has('ok')) entries.push(['ok', 'tl-s0', t('legendOk')]);
  if (found.outcomes.has('fault')) entries.push(['fault', 'tl-bar-fault', shared('fault')]);
  if (found.outcomes.has('error')) entries.push(['error', 'tl-bar-error', shared('error')]);
  if (found.outcomes.has('throttle')) entries.push(['throttle', 'tl-bar-throttle', shared('throttle')]);
  if (isSet(found.flags, SpanFlag.inferred)) entries.push(['inferred', 'tl-s0 tl-bar-inferred', t('markInferred')]);
  if (isSet(found.flags, SpanFlag.inProgress)) entries.push(['unfinished', 'tl-bar-unfinished', shared('unfinished')]);
  return (
    <div className="tl-legend">
      {entries.map(([key, className, text]) => (
        <span key={key}>
          <span className={`tl-swatch ${className}`} />
          {text}
        </span>
      ))}
      {showsPath && (
        <span>
          <span className="tl-swatch tl-none">
            <span className="tl-path" style={{ left: 0, width: '100%' }} />
          </span>
          {t('legendPath')}
        </span>
      )}
      <span>{t('legendKeys')}</span>
    </div>
  );
}

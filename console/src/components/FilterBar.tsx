import Button from '@cloudscape-design/components/button';
import { type ComponentType, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Trouble } from '@/api/client';
import { isUnfinished, stretchAt } from '@/model/filterError';
import { filterOptions, sourcesFor } from '@/model/filterOptions';
import { filterPlace } from '@/model/filterPlace';
import { bothOf } from '@/model/scope';
import { traceIdOf } from '@/model/traceId';
import { useCheckFilter } from '@/query/useCheckFilter';
import { useFilterValues } from '@/query/useFilterValues';
import { useKeywords } from '@/query/useKeywords';
import './FilterBar.css';
import type { FilterEditorHandle, FilterEditorProps } from './FilterBarEditor';
import { FilterBarHelp } from './FilterBarHelp';
import { troubleText, useFilterTexts } from './useFilterTexts';
import { useScope } from './useScope';

const PAUSE_MS = 250;

/**
 * A filter expression to be written; `onApply` gets it when it is entered, and a trace id as it is. `trouble` is what
 * the server said of the applied one.
 *
 * An expression that is known not to be readable is not applied; what is wrong with it is told below the field.
 */
export function FilterBar(props: {
  value: string;
  onApply(filter: string): void;
  trouble?: Trouble | null;
  /** In a form: gets the text as it is written. The form applies it, so that there is no button for that. */
  onText?: (text: string) => void;
}) {
  const { value, onApply, trouble = null, onText } = props;
  const { t } = useTranslation('filter');
  const texts = useFilterTexts();
  const [text, setText] = useState(value);
  // The text for which Enter was pressed although it cannot be read.
  const [insisted, setInsisted] = useState<string | null>(null);
  useEffect(() => setText(value), [value]);
  useEffect(() => onText?.(text), [onText, text]);
  const problem = useProblem(text, value, trouble);
  const isLoud = problem !== null && (!problem.isUnfinished || insisted === text || problem.isApplied);
  // A word that is still being written is nothing to tell of.
  const told = problem && (isLoud || !problem.isBegun) ? problem : null;
  const isTraceId = traceIdOf(text) !== null;

  const apply = (wanted: string) => {
    setInsisted(wanted);
    if (problem === null || problem.isApplied || wanted !== text || isTraceId) onApply(wanted);
  };
  const handle = useRef<FilterEditorHandle | null>(null);
  const put = (example: string) => {
    setText(bothOf(text, example));
    handle.current?.focus();
  };

  return (
    <search className="filter-bar" aria-label={t('label')}>
      <div className={`filter-bar-field${isLoud ? ' is-wrong' : ''}`}>
        <Field
          value={text}
          texts={texts}
          mark={isLoud ? problem.mark : null}
          onChange={setText}
          onEnter={apply}
          onReady={(ready) => {
            handle.current = ready;
          }}
        />
        {text && (
          <Button
            variant="icon"
            iconName="close"
            ariaLabel={t('clear')}
            onClick={() => {
              setText('');
              if (value) onApply('');
              handle.current?.focus();
            }}
          />
        )}
      </div>
      {!onText && <Button onClick={() => apply(text)}>{t('apply')}</Button>}
      <div className="filter-bar-below">
        <p className={`filter-bar-message${isLoud ? ' is-wrong' : ''}`}>
          <span role="status" className="text-as-sent">
            {isTraceId
              ? t('traceId')
              : problem
                ? isLoud
                  ? problem.text
                  : t('unfinished', { what: problem.text })
                : ''}
          </span>
          {!told && !isTraceId && t('hint')}
        </p>
        <FilterBarHelp onChoose={put} />
      </div>
    </search>
  );
}

interface Problem {
  text: string;
  mark: { from: number; to: number; message: string };
  isUnfinished: boolean;
  /** Whether what is unfinished is a word or a text that was begun. */
  isBegun: boolean;
  /** Whether the server refused it when it was applied. */
  isApplied: boolean;
}

/** What is wrong with a text, told once the writer pauses. */
function useProblem(text: string, applied: string, trouble: Trouble | null): Problem | null {
  const { t, i18n } = useTranslation('filter');
  const [paused, setPaused] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const check = useCheckFilter(traceIdOf(paused) ? null : paused);
  const keywords = useKeywords().data;
  return useMemo(() => {
    const error = paused === text && !check.isPlaceholderData ? check.data?.error : null;
    const place =
      error?.line != null && error.column != null
        ? { line: error.line, column: error.column, expected: error.expected }
        : text === applied && text
          ? (trouble?.place ?? null)
          : null;
    const message = error?.message ?? trouble?.message ?? '';
    if (place === null || !text.trim()) return null;
    const stretch = stretchAt(text, place.line, place.column);
    const words = troubleText(place, message, t, i18n.language);
    return {
      text: words,
      mark: { ...stretch, message: words },
      isUnfinished: isUnfinished(text, stretch.from, keywords ?? null),
      isBegun: stretch.from < text.trimEnd().length,
      isApplied: text === applied,
    };
  }, [paused, text, applied, trouble, check.data, check.isPlaceholderData, keywords, t, i18n.language]);
}

type FieldProps = Omit<FilterEditorProps, 'cursor' | 'options'>;

/** The editor, and until it is loaded, or where it cannot be, a plain field that does the same without help. */
function Field(props: FieldProps) {
  const [Editor, setEditor] = useState<ComponentType<FilterEditorProps> | null>(null);
  const plain = useRef<HTMLTextAreaElement>(null);
  const cursor = useRef<number | null>(null);
  const options = useOptions();
  useEffect(() => {
    let isShown = true;
    import('./FilterBarEditor').then(
      (module) => {
        if (!isShown) return;
        const field = plain.current;
        cursor.current = field && document.activeElement === field ? field.selectionStart : null;
        setEditor(() => module.default);
      },
      // Without it the plain field stays.
      () => {},
    );
    return () => {
      isShown = false;
    };
  }, []);
  if (Editor) return <Editor {...props} cursor={cursor.current} options={options} />;
  return (
    <textarea
      ref={plain}
      rows={1}
      className="code"
      spellCheck={false}
      aria-label={props.texts.label}
      placeholder={props.texts.placeholder}
      value={props.value}
      onChange={(event) => props.onChange(event.target.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
        event.preventDefault();
        props.onEnter(event.currentTarget.value);
      }}
    />
  );
}

/** What can be written at a place of a text, with the values that traces of this address have. */
function useOptions(): FilterEditorProps['options'] {
  const [scope] = useScope();
  const keywords = useKeywords().data;
  const valuesOf = useFilterValues(scope);
  return useCallback(
    async (text, cursor) => {
      const place = filterPlace(text, cursor);
      if (!place || !keywords) return [];
      const known = await Promise.all(sourcesFor(place).map(valuesOf));
      return filterOptions(place, keywords, known.flat());
    },
    [keywords, valuesOf],
  );
}

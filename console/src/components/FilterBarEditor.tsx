import {
  acceptCompletion,
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
  closeBrackets,
  closeBracketsKeymap,
  closeCompletion,
  completionKeymap,
  completionStatus,
  currentCompletions,
  pickedCompletion,
  selectedCompletionIndex,
  setSelectedCompletion,
  startCompletion,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { setDiagnostics } from '@codemirror/lint';
import { Annotation, Compartment, EditorState, type Extension, Prec, type Range } from '@codemirror/state';
import {
  type Command,
  Decoration,
  type DecorationSet,
  EditorView,
  keymap,
  placeholder,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view';
import { useEffect, useRef } from 'react';
import type { FilterOption } from '@/model/filterOptions';
import { filterTokens } from '@/model/filterTokens';
import { visible } from '@/model/format';
import { editorTheme } from './FilterBarTheme';

/** A stretch of the text that cannot be read, by positions in it. */
export interface FilterMark {
  from: number;
  to: number;
  message: string;
}

/** The texts of the editor that the reader sees or hears. */
export interface FilterEditorTexts {
  label: string;
  placeholder: string;
  describe(option: FilterOption): string;
  announce(options: number): string;
}

export interface FilterEditorProps {
  value: string;
  texts: FilterEditorTexts;
  mark: FilterMark | null;
  /** Where the cursor was in the plain field, if one was in it. */
  cursor: number | null;
  onChange(text: string): void;
  /** Gets the text that is there now: the last letters may not have been drawn yet. */
  onEnter(text: string): void;
  options(text: string, cursor: number): Promise<FilterOption[]>;
  onReady(view: FilterEditorHandle): void;
}

/** What others may do to the editor. */
export interface FilterEditorHandle {
  focus(): void;
}

type Offered = Completion & { option: FilterOption; text: string };

/** Texts that were put in from outside need not be told back. */
const fromOutside = Annotation.define<boolean>();
/** What opens the list when it is typed: after these something else can stand. */
const OPENERS = /[ (,={[.!<>"]$/;

/**
 * The filter expression as people write it, with colours, completion and what is wrong with it.
 *
 * It lives in a shadow root: CodeMirror brings its styles as a constructed style sheet there, which the
 * Content-Security-Policy allows, and as an inline style element anywhere else, which it does not.
 */
export default function FilterBarEditor(props: FilterEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const { mark } = props;
  const latest = useRef(props);
  latest.current = props;
  const texts = useRef(new Compartment());

  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const root = element.shadowRoot ?? element.attachShadow({ mode: 'open' });
    const { value, cursor } = latest.current;
    const editor = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: value,
        selection: { anchor: Math.min(cursor ?? value.length, value.length) },
        extensions: [...extensions(() => latest.current), texts.current.of(spoken(latest.current.texts))],
      }),
    });
    view.current = editor;
    if (cursor !== null) editor.focus();
    latest.current.onReady({ focus: () => editor.focus() });
    return () => {
      editor.destroy();
      view.current = null;
    };
  }, []);

  useEffect(() => {
    const editor = view.current;
    if (!editor || editor.state.doc.toString() === props.value) return;
    editor.dispatch({
      changes: { from: 0, to: editor.state.doc.length, insert: props.value },
      selection: { anchor: props.value.length },
      annotations: fromOutside.of(true),
    });
  }, [props.value]);

  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    const length = editor.state.doc.length;
    const marks = mark
      ? [
          {
            from: Math.min(mark.from, length),
            to: Math.min(mark.to, length),
            severity: 'error' as const,
            message: mark.message,
          },
        ]
      : [];
    editor.dispatch(setDiagnostics(editor.state, marks));
  }, [mark]);

  useEffect(() => {
    view.current?.dispatch({ effects: texts.current.reconfigure(spoken(props.texts)) });
  }, [props.texts]);

  return <div ref={host} className="filter-bar-editor" />;
}

function spoken(texts: FilterEditorTexts): Extension {
  return [
    placeholder(texts.placeholder),
    EditorView.contentAttributes.of({ 'aria-label': texts.label, spellcheck: 'false', 'aria-multiline': 'false' }),
    EditorState.phrases.of({ Completions: texts.label }),
  ];
}

function extensions(props: () => FilterEditorProps): Extension[] {
  const enter: Command = (view) => {
    if (acceptCompletion(view)) return true;
    // also what was still being looked up: it would open over the answer
    closeCompletion(view);
    props().onEnter(view.state.doc.toString());
    return true;
  };
  return [
    history(),
    EditorView.lineWrapping,
    closeBrackets(),
    colours,
    editorTheme,
    autocompletion({
      override: [(context) => complete(context, props())],
      // Enter runs the expression: nothing is chosen before somebody chooses it.
      selectOnOpen: false,
      icons: false,
      activateOnTypingDelay: 60,
      maxRenderedOptions: 60,
      defaultKeymap: false,
      activateOnCompletion: (completion) => (completion as Offered).option.again,
      optionClass: (completion) => `option-${(completion as Offered).option.kind}`,
    }),
    Prec.highest(
      keymap.of([
        { key: 'Enter', run: enter },
        { key: 'Mod-Enter', run: enter },
        { key: 'Tab', run: acceptBest },
        { key: 'ArrowDown', run: openWhenEmpty },
        ...completionKeymap.filter((binding) => binding.key !== 'Enter'),
      ]),
    ),
    keymap.of([...closeBracketsKeymap, ...historyKeymap, ...defaultKeymap]),
    EditorView.domEventHandlers({ beforeinput: replaceByHand }),
    EditorView.updateListener.of((update) => onUpdate(update, props())),
  ];
}

/**
 * Replaces what is selected by what is typed. Chromium would keep the colours of the old text by writing inline styles,
 * which the Content-Security-Policy forbids and reports.
 */
function replaceByHand(event: InputEvent, view: EditorView): boolean {
  const { main } = view.state.selection;
  if (event.inputType !== 'insertText' || !event.data || main.empty || view.composing) return false;
  const text = event.data;
  const insert = () => view.state.update(view.state.replaceSelection(text), { userEvent: 'input.type' });
  const isHandled = view.state
    .facet(EditorView.inputHandler)
    .some((handle) => handle(view, main.from, main.to, text, insert));
  if (!isHandled) view.dispatch(insert());
  event.preventDefault();
  return true;
}

/** Tab takes the best of what fits a word that was begun, and leaves the field otherwise. */
const acceptBest: Command = (view) => {
  if (completionStatus(view.state) !== 'active') return false;
  if (selectedCompletionIndex(view.state) === null) {
    const { head } = view.state.selection.main;
    const first = currentCompletions(view.state)[0] as Offered | undefined;
    if (!first || first.option.from >= head) return false;
    view.dispatch({ effects: setSelectedCompletion(0) });
  }
  return acceptCompletion(view);
};

const openWhenEmpty: Command = (view) =>
  view.state.doc.length === 0 && completionStatus(view.state) === null ? startCompletion(view) : false;

async function complete(context: CompletionContext, props: FilterEditorProps): Promise<CompletionResult | null> {
  const options = await props.options(context.state.doc.toString(), context.pos);
  const from = options[0]?.from ?? context.pos;
  if (context.aborted || !options.length) return null;
  return {
    from,
    filter: false,
    options: options.map(
      (option): Offered => ({
        option,
        text: option.insert,
        label: option.label,
        displayLabel: visible(option.label),
        // The blank keeps the two apart where they are read aloud.
        detail: ` ${props.texts.describe(option)}`,
        apply: applyOption,
      }),
    ),
  };
}

function applyOption(view: EditorView, completion: Completion): void {
  const { option } = completion as Offered;
  const { insert, from, to } = option;
  const end = from + insert.length;
  const rest = view.state.sliceDoc(to, to + 1);
  // What is there already is stepped over: a blank, and the bracket that closes the names of nodes.
  const isOver =
    (insert.endsWith(' ') && rest === ' ') || (option.kind === 'value' && insert.endsWith('"') && rest === ')');
  view.dispatch({
    changes: { from, to: insert.endsWith(' ') && rest === ' ' ? to + 1 : to, insert },
    selection: { anchor: isOver && rest === ')' ? end + 1 : end },
    annotations: pickedCompletion.of(completion),
    userEvent: 'input.complete',
    scrollIntoView: true,
  });
}

function onUpdate(update: ViewUpdate, props: FilterEditorProps): void {
  if (update.docChanged && !update.transactions.some((transaction) => transaction.annotation(fromOutside))) {
    props.onChange(update.state.doc.toString());
    const isTyped = update.transactions.some((transaction) => transaction.isUserEvent('input.type'));
    const { head } = update.state.selection.main;
    if (isTyped && OPENERS.test(update.state.sliceDoc(Math.max(0, head - 1), head))) {
      queueMicrotask(() => startCompletion(update.view));
    }
  }
  const options = currentCompletions(update.state).length;
  if (options && options !== currentCompletions(update.startState).length) {
    const { view } = update;
    queueMicrotask(() => view.dispatch({ effects: EditorView.announce.of(props.texts.announce(options)) }));
  }
}

/** Colours of the pieces. Expressions are short, so all of one is cut anew whenever it changes. */
const colours = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = decorationsOf(view);
    }
    update(update: ViewUpdate) {
      if (update.docChanged) this.decorations = decorationsOf(update.view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

function decorationsOf(view: EditorView): DecorationSet {
  const ranges: Range<Decoration>[] = filterTokens(view.state.doc.toString()).map((token) =>
    Decoration.mark({ class: `filter-${token.kind}` }).range(token.from, token.to),
  );
  return Decoration.set(ranges);
}

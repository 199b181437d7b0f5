import { EditorView } from '@codemirror/view';

const MONOSPACE = 'ui-monospace, SFMono-Regular, Menlo, Consolas, "D2Coding", monospace';

/** How the editor of the filter bar looks; its colours are custom properties, so that it follows the theme. */
export const editorTheme = EditorView.theme({
  '&': { backgroundColor: 'transparent', fontSize: '13px', color: 'inherit' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: MONOSPACE, lineHeight: '20px', maxHeight: '190px', overflowY: 'auto' },
  '.cm-content': { padding: '5px 0', caretColor: 'currentColor', minHeight: '20px' },
  '.cm-line': { padding: '0 12px' },
  '.cm-placeholder': { color: 'var(--rl-field-hint)', fontStyle: 'italic' },
  '.filter-boolean-keyword, .filter-number-keyword, .filter-string-keyword, .filter-form': {
    color: 'var(--rl-code-keyword)',
  },
  '.filter-annotation': { color: 'var(--rl-code-annotation)' },
  '.filter-string': { color: 'var(--rl-code-string)' },
  '.filter-number, .filter-boolean, .filter-json': { color: 'var(--rl-code-number)' },
  '.filter-connective, .filter-not, .filter-operator': { color: 'var(--rl-code-connective)', fontWeight: '600' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--rl-fault) 1px',
    textUnderlineOffset: '3px',
  },
  '.cm-lintPoint-error::after': { borderBottomColor: 'var(--rl-fault)' },
  '.cm-tooltip': {
    backgroundColor: 'var(--rl-field-ground)',
    color: 'inherit',
    border: '1px solid var(--rl-field-border)',
    borderRadius: '8px',
    boxShadow: '0 4px 20px 1px rgba(0, 7, 22, .2)',
    overflow: 'hidden',
    zIndex: '2000',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: 'inherit',
    maxHeight: '320px',
    minWidth: '320px',
    maxWidth: 'min(760px, 90vw)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': {
    display: 'flex',
    gap: '16px',
    padding: '4px 12px',
    lineHeight: '20px',
    alignItems: 'baseline',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li:hover': { backgroundColor: 'var(--rl-list-hover)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--rl-list-chosen)',
    color: 'inherit',
  },
  '.cm-completionLabel': {
    fontFamily: MONOSPACE,
    flex: '0 0 auto',
    maxWidth: '60%',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
  },
  '.cm-completionDetail': {
    fontStyle: 'normal',
    marginLeft: 'auto',
    color: 'var(--rl-field-hint)',
    fontFamily: '"Open Sans", "Helvetica Neue", Roboto, Arial, sans-serif',
    fontSize: '12px',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
    textAlign: 'right',
  },
  '.option-keyword .cm-completionLabel, .option-form .cm-completionLabel': { color: 'var(--rl-code-keyword)' },
  '.option-annotation .cm-completionLabel': { color: 'var(--rl-code-annotation)' },
  '.option-value .cm-completionLabel': { color: 'var(--rl-code-string)', unicodeBidi: 'isolate' },
});

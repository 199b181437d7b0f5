import { type FilterToken, filterTokens } from './filterTokens';

/** What is asked of a value: which keyword or annotation it is compared with, and in which braces that stands. */
export interface FilterSubject {
  /** The keyword in lower case; `annotation` for annotations, `node.name` and its kin inside `id(...)`. */
  name: string;
  /** The key of an annotation, else empty. */
  key: string;
  /** The head of the braces around it, as `service` or `rootcause.fault.entity`; empty outside. */
  head: string;
}

/** One kind of thing that can stand somewhere. */
export type FilterWant =
  | { what: 'condition'; head: string; isImplied: boolean }
  | { what: 'annotation-key'; prefix: string; isBracketed: boolean }
  | { what: 'operator'; subject: FilterSubject }
  | { what: 'value'; subject: FilterSubject; name: string | null }
  | { what: 'node'; of: 'service' | 'edge'; isLast: boolean }
  | { what: 'id-part'; used: readonly string[] }
  | { what: 'connective' }
  | { what: 'symbol'; text: '(' | ')' | '{' | '}' | ',' | ':' };

/** Where the cursor is: what is being typed from `from` until `to`, and what could stand there. */
export interface FilterPlace {
  from: number;
  to: number;
  /** What was typed of it so far, up to the cursor; a text without its quote and backslashes. */
  typed: string;
  wants: readonly FilterWant[];
  /** The first character after it that is no blank; empty at the end. */
  next: string;
  /** Whether a blank has to be written before it. */
  needsBlank: boolean;
}

type Step =
  | { at: 'start' }
  | { at: 'tested'; subject: FilterSubject }
  | { at: 'compared'; subject: FilterSubject }
  | { at: 'head'; form: 'service' | 'edge' }
  | { at: 'headed'; form: 'service' | 'edge' }
  | { at: 'cause'; form: string }
  | { at: 'done' };

type Frame =
  | { kind: 'conditions'; head: string; closer: '' | ')' | '}'; step: Step }
  | { kind: 'nodes'; of: 'service' | 'edge'; seen: number; isNext: boolean }
  | { kind: 'id'; used: Map<string, string>; part: string; step: 'part' | 'colon' | 'value' | 'done' };

const DONE: Step = { at: 'done' };

/** What can stand at `cursor`, a position in `text`; null inside a JSON literal, where nothing is offered. */
export function filterPlace(text: string, cursor: number): FilterPlace | null {
  const tokens = filterTokens(text);
  const typed = tokens.find((token) => isBeingTyped(token, cursor));
  if (typed?.kind === 'json') return null;
  const frames: Frame[] = [{ kind: 'conditions', head: '', closer: '', step: { at: 'start' } }];
  for (const token of tokens) {
    if (token === typed || token.from >= cursor) break;
    walk(frames, token);
  }
  const from = typed?.from ?? cursor;
  const to = typed ? endOfTyped(text, typed, cursor) : cursor;
  const frame = frames.at(-1);
  const wants = typed?.kind === 'annotation' ? keyOf(typed, cursor) : frame ? wantsIn(frame, typed !== undefined) : [];
  return {
    from,
    to,
    typed: typed ? textOf(typed, cursor) : '',
    wants,
    next: text.slice(to).trimStart().charAt(0),
    needsBlank: from > 0 && !/[\s({]/.test(text.charAt(from - 1)),
  };
}

/** A piece is being typed while the cursor is in it or at its end, unless its end says that it is complete. */
function isBeingTyped(token: FilterToken, cursor: number): boolean {
  if (cursor <= token.from || cursor > token.to) return false;
  if (token.kind === 'string' || token.kind === 'json') return cursor < token.to || token.open;
  if (token.kind === 'annotation') return cursor < token.to || !token.text.endsWith(']');
  if (token.kind === 'word') return /[\p{L}\p{N}_.]$/u.test(token.text);
  return !['operator', 'not', 'bracket', 'punctuation'].includes(token.kind) || /^[a-z]/i.test(token.text);
}

/** A text whose quote is missing is not taken to reach beyond the cursor. */
function endOfTyped(text: string, token: FilterToken, cursor: number): number {
  if (!token.open) return token.to;
  return token.kind === 'annotation' && text.charAt(token.to) === ']' ? token.to + 1 : cursor;
}

function textOf(token: FilterToken, cursor: number): string {
  const typed = token.text.slice(0, cursor - token.from);
  return token.kind === 'string' ? unquoted(typed) : typed;
}

function unquoted(text: string): string {
  return text.replace(/^"/, '').replace(/\\(.)/gs, '$1').replace(/"$/, '');
}

function keyOf(token: FilterToken, cursor: number): FilterWant[] {
  const typed = token.text.slice(0, cursor - token.from);
  const prefix = /^(?:source\.|destination\.)?annotation/i.exec(typed)?.[0];
  // The word annotation itself is still being typed.
  if (prefix === undefined) return [{ what: 'condition', head: '', isImplied: false }];
  return [{ what: 'annotation-key', prefix, isBracketed: typed.charAt(prefix.length) === '[' }];
}

function walk(frames: Frame[], token: FilterToken): void {
  const frame = frames.at(-1);
  if (!frame) return;
  if (frame.kind === 'conditions') walkCondition(frames, frame, token);
  else if (frame.kind === 'nodes') walkNodes(frames, frame, token);
  else walkId(frames, frame, token);
}

type Conditions = Extract<Frame, { kind: 'conditions' }>;

function walkCondition(frames: Frame[], frame: Conditions, token: FilterToken): void {
  const { step, head } = frame;
  if (token.text === '(' && step.at === 'head') {
    frame.step = { at: 'headed', form: step.form };
    frames.push({ kind: 'nodes', of: step.form, seen: 0, isNext: true });
  } else if (token.text === '(') {
    frame.step = DONE;
    frames.push({ kind: 'conditions', head, closer: ')', step: { at: 'start' } });
  } else if (token.text === '{') {
    frame.step = DONE;
    const inner = step.at === 'head' || step.at === 'headed' || step.at === 'cause' ? step.form : '';
    frames.push({ kind: 'conditions', head: inner, closer: '}', step: { at: 'start' } });
  } else if (token.text === ')' || token.text === '}') {
    if (frames.length > 1) frames.pop();
    else frame.step = DONE;
  } else {
    frame.step = stepAfter(step, head, token);
  }
}

function stepAfter(step: Step, head: string, token: FilterToken): Step {
  const name = token.text.toLowerCase();
  switch (token.kind) {
    case 'connective':
    case 'not':
      return { at: 'start' };
    case 'operator':
      return step.at === 'tested' ? { at: 'compared', subject: step.subject } : DONE;
    case 'boolean-keyword':
    case 'number-keyword':
    case 'string-keyword':
      return { at: 'tested', subject: { name, key: '', head } };
    case 'annotation':
      return { at: 'tested', subject: { name: 'annotation', key: annotationKeyOf(token.text), head } };
    case 'form':
      if (name === 'service' || name === 'edge') return { at: 'head', form: name };
      if (name.startsWith('group.') || name === 'rootcause.json') {
        return { at: 'tested', subject: { name, key: '', head } };
      }
      return name.startsWith('rootcause.') ? { at: 'cause', form: name } : DONE;
    default:
      return DONE;
  }
}

function walkNodes(frames: Frame[], frame: Extract<Frame, { kind: 'nodes' }>, token: FilterToken): void {
  if (token.text === ')') frames.pop();
  else if (token.text === ',') frame.isNext = true;
  else if (token.kind === 'string') {
    frame.seen += 1;
    frame.isNext = false;
  } else if (token.text.toLowerCase() === 'id') {
    frame.seen += 1;
    frame.isNext = false;
    frames.push({ kind: 'id', used: new Map(), part: '', step: 'part' });
  }
}

function walkId(frames: Frame[], frame: Extract<Frame, { kind: 'id' }>, token: FilterToken): void {
  if (token.text === ')') frames.pop();
  else if (token.text === ',') frame.step = 'part';
  else if (token.text === ':') frame.step = 'value';
  else if (token.kind === 'string') {
    frame.used.set(frame.part, unquoted(token.text));
    frame.step = 'done';
  } else if (token.kind === 'string-keyword') {
    frame.part = token.text.toLowerCase();
    frame.step = 'colon';
  }
}

function wantsIn(frame: Frame, isTyping: boolean): FilterWant[] {
  if (frame.kind === 'nodes') {
    if (frame.isNext) return [{ what: 'node', of: frame.of, isLast: frame.of === 'service' || frame.seen > 0 }];
    return [{ what: 'symbol', text: frame.of === 'edge' && frame.seen < 2 ? ',' : ')' }];
  }
  if (frame.kind === 'id') {
    if (frame.step === 'part') return [{ what: 'id-part', used: [...frame.used.keys()] }];
    if (frame.step === 'colon') return [{ what: 'symbol', text: ':' }];
    if (frame.step === 'value') {
      const subject = { name: `node.${frame.part}`, key: '', head: '' };
      return [{ what: 'value', subject, name: frame.used.get('name') ?? null }];
    }
    const more: FilterWant[] = frame.used.size < 3 ? [{ what: 'symbol', text: ',' }] : [];
    return [...more, { what: 'symbol', text: ')' }];
  }
  return wantsInConditions(frame, isTyping);
}

function wantsInConditions(frame: Conditions, isTyping: boolean): FilterWant[] {
  const { step, head, closer } = frame;
  const condition: FilterWant = { what: 'condition', head, isImplied: step.at !== 'start' };
  if (step.at === 'start') return [condition];
  if (step.at === 'compared') return [{ what: 'value', subject: step.subject, name: null }];
  if (step.at === 'cause') return [{ what: 'symbol', text: '{' }];
  const wants: FilterWant[] = [];
  if (step.at === 'tested') wants.push({ what: 'operator', subject: step.subject });
  if (step.at === 'head') wants.push({ what: 'symbol', text: '(' });
  if (step.at === 'head' || step.at === 'headed') wants.push({ what: 'symbol', text: '{' });
  wants.push({ what: 'connective' });
  if (closer) wants.push({ what: 'symbol', text: closer });
  // AND need not be written: a condition that is being typed is helped too.
  if (isTyping) wants.push(condition);
  return wants;
}

function annotationKeyOf(text: string): string {
  return (
    /annotation(?:\.(\w*)|\[([^\]]*)\]?)/i
      .exec(text)
      ?.slice(1)
      .find((key) => key !== undefined) ?? ''
  );
}

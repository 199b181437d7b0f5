import type { Schemas } from '@/api/client';
import { type AttributeId, type AttributeKind, annotationName, nodeFromLabel, quoted } from './conditions';
import type { FilterPlace, FilterSubject, FilterWant } from './filterPlace';

/** Everything a filter expression can be made of, as the server says it. */
export type FilterVocabulary = Schemas['KeywordsAnswer'];

/** A value that traces have, and how many; null where nobody counted. */
export interface KnownValue {
  value: string | number | boolean;
  traces: number | null;
}

/** Where values come from: the traces with each value of an attribute, the keys of annotations, or the groups. */
export type ValueSource =
  | { of: 'attribute'; attribute: AttributeId }
  | { of: 'annotation-keys' }
  | { of: 'group-names' }
  | { of: 'group-arns' };

/** One thing to choose. */
export interface FilterOption {
  kind: 'keyword' | 'annotation' | 'form' | 'operator' | 'connective' | 'symbol' | 'value';
  /** What is shown. */
  label: string;
  /** What is written from `from` until `to`. */
  insert: string;
  from: number;
  to: number;
  /** Under which name its meaning is found; empty where it needs none. */
  meaning: string;
  /** What the server says it means, for a reader without a better text. */
  says: string;
  /** How many traces have this value; null where nobody counted. */
  traces: number | null;
  /** Whether something else is to be chosen right after it. */
  again: boolean;
}

const MAX_OPTIONS = 60;
const FIRST_KEYS = 8;
const ANY_OPERATOR = ['=', '!=', '<', '<=', '>', '>=', 'CONTAINS', 'BEGINSWITH', 'ENDSWITH'];
const ATTRIBUTES: Record<string, AttributeKind> = {
  'http.url': 'url',
  'http.method': 'method',
  'http.status': 'status',
  'http.useragent': 'user_agent',
  'http.clientip': 'client_ip',
  user: 'user',
  availabilityzone: 'availability_zone',
  'instance.id': 'instance',
  'resource.arn': 'resource_arn',
  'node.name': 'service',
  'node.type': 'service',
  name: 'service',
  type: 'service',
};
const USUAL_SECONDS = [0.1, 0.5, 1, 3, 10];
const COMMON_FORMS = ['annotation', 'service', 'edge'];

/** Which values are worth knowing before options can be offered there. */
export function sourcesFor(place: FilterPlace): ValueSource[] {
  return place.wants.flatMap((want): ValueSource[] => {
    if (want.what === 'condition') return want.isImplied ? [] : [{ of: 'annotation-keys' }];
    if (want.what === 'annotation-key') return [{ of: 'annotation-keys' }];
    if (want.what === 'node') return [attribute('service')];
    if (want.what !== 'value') return [];
    const { name, key, head } = want.subject;
    if (name === 'group.name') return [{ of: 'group-names' }];
    if (name === 'group.arn') return [{ of: 'group-arns' }];
    if (name === 'annotation') return key ? [attribute('annotation', key)] : [];
    const cause = /^rootcause\.(fault|error)\.exception$/.exec(head)?.[1];
    if (cause) return name === 'name' ? [attribute(cause === 'fault' ? 'fault_root_cause' : 'error_root_cause')] : [];
    if (name === 'name' && head.endsWith('.entity')) return [];
    const kind = ATTRIBUTES[name];
    return kind ? [attribute(kind)] : [];
  });
}

function attribute(kind: AttributeKind, key = ''): ValueSource {
  return { of: 'attribute', attribute: { kind, key } };
}

/** What can be chosen, the best first. `known` are the values of `sourcesFor(place)`, all of them together. */
export function filterOptions(
  place: FilterPlace,
  vocabulary: FilterVocabulary,
  known: readonly KnownValue[],
): FilterOption[] {
  const all = place.wants.flatMap((want) => optionsFor(want, place, vocabulary, known));
  return ranked(all, place.typed).slice(0, MAX_OPTIONS);
}

/** Those that begin with what was typed come first, then those that hold it; each keeps its place among its kind. */
function ranked(options: readonly FilterOption[], typed: string): FilterOption[] {
  const wanted = typed.toLowerCase();
  if (!wanted) return [...options];
  const ranks = options.map((option): number => {
    const label = option.label.toLowerCase();
    if (label.startsWith(wanted)) return 0;
    if (label.split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(wanted))) return 1;
    return label.includes(wanted) ? 2 : 3;
  });
  return [0, 1, 2].flatMap((rank) => options.filter((_, index) => ranks[index] === rank));
}

function optionsFor(
  want: FilterWant,
  place: FilterPlace,
  vocabulary: FilterVocabulary,
  known: readonly KnownValue[],
): FilterOption[] {
  const option = maker(place);
  switch (want.what) {
    case 'condition':
      return conditions(want, place, vocabulary, known);
    case 'annotation-key':
      return annotationKeys(want.prefix, known, option);
    case 'operator':
      return operatorsOf(want.subject, vocabulary).map((operator) =>
        option({ kind: 'operator', label: operator, insert: `${operator} `, meaning: operator, again: true }),
      );
    case 'connective':
      return ['AND', 'OR'].map((word) =>
        option({ kind: 'connective', label: word, insert: `${word} `, meaning: word, again: true }),
      );
    case 'symbol': {
      const insert = { '(': '(', ')': ')', '{': '{ ', '}': ' }', ',': ', ', ':': ': ' }[want.text];
      const isBlank = want.text === '{' || want.text === '(';
      return [
        option(
          { kind: 'symbol', label: want.text, insert, meaning: want.text, again: !')}'.includes(want.text) },
          isBlank && place.needsBlank && want.text === '{',
        ),
      ];
    }
    case 'id-part':
      return ['name', 'type', 'account.id']
        .filter((part) => !want.used.includes(part))
        .map((part) =>
          option({ kind: 'keyword', label: `${part}:`, insert: `${part}: `, meaning: `id_${part}`, again: true }),
        );
    case 'node':
      return nodes(want, place, known);
    case 'value':
      return values(want.subject, want.name, place, known);
  }
}

type Made = Partial<FilterOption> & Pick<FilterOption, 'kind' | 'label' | 'insert'>;

/** Makes options for a place; `isApart` writes a blank before where one is missing. */
function maker(place: FilterPlace): (made: Made, isApart?: boolean) => FilterOption {
  return (made, isApart = made.kind !== 'symbol' && place.needsBlank) => ({
    from: place.from,
    to: place.to,
    meaning: '',
    says: '',
    traces: null,
    again: false,
    ...made,
    insert: `${isApart ? ' ' : ''}${made.insert}`,
  });
}

function conditions(
  want: Extract<FilterWant, { what: 'condition' }>,
  place: FilterPlace,
  vocabulary: FilterVocabulary,
  known: readonly KnownValue[],
): FilterOption[] {
  const option = maker(place);
  const scope = want.head.replace(/^rootcause\.\w+\./, 'rootcause.*.');
  const keywords = vocabulary.keywords
    .filter((keyword) => keyword.scopes.includes(scope))
    .map((keyword) =>
      option({
        kind: 'keyword',
        label: keyword.name,
        insert: `${keyword.name} `,
        meaning: keyword.name,
        says: keyword.meaning,
        again: true,
      }),
    );
  const forms = vocabulary.forms
    .filter((form) => isAllowed(form.name, want.head))
    .map((form) => {
      const { insert, again } = beginningOf(form);
      return option({ kind: 'form', label: form.usage, insert, meaning: form.name, says: form.meaning, again });
    });
  const isCommon = (form: FilterOption) => COMMON_FORMS.includes(form.meaning);
  // Before anything is typed, the keys of annotations must not hide the rest.
  const named = want.head.startsWith('rootcause') ? [] : annotationKeys('annotation', known, option);
  const keys = place.typed ? named : named.slice(0, FIRST_KEYS);
  return [
    ...keys,
    ...(want.head ? keywords : [...forms.filter(isCommon), ...keywords]),
    ...forms.filter((form) => want.head || !isCommon(form)),
    option({ kind: 'connective', label: '!', insert: '!', meaning: '!', again: true }),
  ];
}

/** Selectors, groups and causes stand outside braces; what `edge` calls source and destination only in its own. */
function isAllowed(form: string, head: string): boolean {
  if (form === 'id') return false;
  if (form === 'annotation') return !head.startsWith('rootcause');
  if (form.endsWith('.annotation')) return head === 'edge';
  return head === '';
}

function beginningOf(form: Schemas['FormShape']): { insert: string; again: boolean } {
  if (form.name.endsWith('annotation')) return { insert: `${form.name}.`, again: true };
  if (form.name === 'service' || form.name === 'edge') return { insert: `${form.name}(`, again: true };
  if (form.name === 'rootcause.json') return { insert: 'rootcause.json = #[{', again: false };
  if (form.name.startsWith('group.')) return { insert: `${form.name} = `, again: true };
  return { insert: `${form.name} { `, again: true };
}

function annotationKeys(
  prefix: string,
  known: readonly KnownValue[],
  option: ReturnType<typeof maker>,
): FilterOption[] {
  return known.flatMap(({ value }) => {
    const name = annotationName(String(value));
    if (name === null) return [];
    const label = name.replace(/^annotation/, prefix);
    return [option({ kind: 'annotation', label, insert: `${label} `, meaning: 'annotation-key', again: true })];
  });
}

function operatorsOf(subject: FilterSubject, vocabulary: FilterVocabulary): readonly string[] {
  if (subject.name === 'annotation') return ANY_OPERATOR;
  if (subject.name.startsWith('group.') || subject.name === 'rootcause.json') return ['=', '!='];
  return vocabulary.keywords.find((keyword) => keyword.name === subject.name)?.operators ?? [];
}

function nodes(
  want: Extract<FilterWant, { what: 'node' }>,
  place: FilterPlace,
  known: readonly KnownValue[],
): FilterOption[] {
  const option = maker(place);
  // Names are followed by what comes next, unless it is written already.
  const after = want.isLast ? ')' : ', ';
  const isThere = place.next === after.trim();
  const names = new Map<string, { traces: number | null; types: string[] }>();
  for (const { value, traces } of known) {
    const { name, type } = nodeFromLabel(String(value));
    const before = names.get(name);
    if (before) before.types.push(type);
    else names.set(name, { traces, types: [type] });
  }
  const byName = [...names].map(([name, { traces, types }]) =>
    option(
      {
        kind: 'value',
        label: name,
        insert: `${quoted(name)}${isThere ? '' : after}`,
        says: types.filter(Boolean).join(', '),
        traces,
        again: !want.isLast,
      },
      false,
    ),
  );
  const byId = option(
    { kind: 'form', label: 'id(name: "n", type: "t")', insert: 'id(name: ', meaning: 'id', again: true },
    false,
  );
  return [...byName, byId];
}

function values(
  subject: FilterSubject,
  nodeName: string | null,
  place: FilterPlace,
  known: readonly KnownValue[],
): FilterOption[] {
  const option = maker(place);
  const isInId = subject.name.startsWith('node.');
  return valuesOf(subject, nodeName, known).map(({ value, traces }) => {
    const insert = typeof value === 'string' ? quoted(value) : String(value);
    return option({
      kind: 'value',
      label: String(value),
      insert: isInId ? insert : `${insert} `,
      traces,
      again: !isInId,
    });
  });
}

function valuesOf(subject: FilterSubject, nodeName: string | null, known: readonly KnownValue[]): KnownValue[] {
  const { name, head } = subject;
  if (isBoolean(name)) return [true, false].map((value) => ({ value, traces: null }));
  if (name === 'responsetime' || name === 'duration') return USUAL_SECONDS.map((value) => ({ value, traces: null }));
  if (name === 'index') return [{ value: 0, traces: null }];
  if (name === 'coverage') return [0.25, 0.5, 0.75].map((value) => ({ value, traces: null }));
  if (head.endsWith('.exception')) return distinct(known.flatMap(({ value }) => thrownIn(String(value))));
  const part = name.replace('node.', '');
  if ((part === 'name' || part === 'type') && (head || name !== part)) {
    const labels = known.map(({ value, traces }) => ({ ...nodeFromLabel(String(value)), traces }));
    const fitting = part === 'type' && nodeName !== null ? labels.filter((node) => node.name === nodeName) : labels;
    return distinct(fitting.map((node) => ({ value: part === 'type' ? node.type : node.name, traces: node.traces })));
  }
  return [...known];
}

function isBoolean(name: string): boolean {
  return ['ok', 'error', 'throttle', 'fault', 'partial', 'inferred', 'root', 'first', 'last', 'remote'].includes(name);
}

/** The types of exceptions in the text of a root cause, `web: names.test [ProbeError] > ...`. */
function thrownIn(label: string): KnownValue[] {
  const names = [...label.matchAll(/ \[([^\]]*)\](?: > |$)/g)].flatMap((match) => (match[1] ?? '').split(', '));
  return names.map((value) => ({ value, traces: null }));
}

function distinct(values: readonly KnownValue[]): KnownValue[] {
  return values.filter((one, index) => one.value !== '' && values.findIndex((b) => b.value === one.value) === index);
}

import { describe, expect, it } from 'vitest';
import { type FilterVocabulary, filterOptions, type KnownValue, sourcesFor } from './filterOptions';
import { filterPlace } from './filterPlace';

const keyword = (name: string, kind: string, scopes: string[]) => ({
  name,
  kind,
  scopes,
  meaning: `means ${name}`,
  source: '',
  operators: { boolean: ['=', '!='], number: ['=', '!=', '<', '<=', '>', '>='] }[kind] ?? ['=', '!=', 'CONTAINS'],
});
const form = (name: string, usage: string) => ({ name, usage, meaning: `means ${name}`, source: '' });
const VOCABULARY: FilterVocabulary = {
  keywords: [
    keyword('fault', 'boolean', ['', 'service', 'edge']),
    keyword('root', 'boolean', ['service']),
    keyword('responsetime', 'number', ['', 'service', 'edge']),
    keyword('http.status', 'number', ['', 'service', 'edge']),
    keyword('http.url', 'string', ['', 'service']),
    keyword('user', 'string', ['', 'service']),
    keyword('name', 'string', ['service', 'rootcause.*.exception']),
    keyword('coverage', 'number', ['rootcause.*.entity']),
  ],
  forms: [
    form('annotation', 'annotation[key] = "value"'),
    form('source.annotation', 'source.annotation[key] = "value"'),
    form('service', 'service("name") { condition }'),
    form('edge', 'edge("caller", "called") { condition }'),
    form('id', 'id(name: "n")'),
    form('group.name', 'group.name = "name"'),
    form('rootcause.json', 'rootcause.json = #[{...}]'),
    form('rootcause.fault.exception', 'rootcause.fault.exception { condition }'),
  ],
};

function optionsAt(marked: string, known: (string | number | boolean | KnownValue)[] = []) {
  const text = marked.replace('|', '');
  const place = filterPlace(text, marked.indexOf('|'));
  const values = known.map((value) => (typeof value === 'object' ? value : { value, traces: 1 }));
  return place ? filterOptions(place, VOCABULARY, values) : [];
}

const labels = (marked: string, known?: (string | number | boolean)[]) =>
  optionsAt(marked, known).map((option) => option.label);

/** The text after the first option is chosen. */
function chosen(marked: string, known?: (string | number | boolean)[]): string | undefined {
  const text = marked.replace('|', '');
  const [option] = optionsAt(marked, known);
  return option && `${text.slice(0, option.from)}${option.insert}|${text.slice(option.to)}`;
}

describe('what is offered', () => {
  it('are keywords where they have a value', () => {
    expect(labels('|')).toContain('http.url');
    expect(labels('|')).not.toContain('root');
    expect(labels('service("a") { |')).toContain('root');
    expect(labels('edge("a", "b") { |')).not.toContain('http.url');
    expect(labels('rootcause.responsetime.entity { |')).toEqual(['coverage', '!']);
    expect(labels('rootcause.fault.exception { |')).toEqual(['name', '!']);
  });

  it('are selectors, groups and causes outside braces only', () => {
    expect(labels('|')).toContain('service("name") { condition }');
    expect(labels('service("a") { |')).not.toContain('service("name") { condition }');
    expect(labels('service("a") { |')).toContain('annotation[key] = "value"');
    expect(labels('edge("a", "b") { |')).toContain('source.annotation[key] = "value"');
    expect(labels('|')).not.toContain('source.annotation[key] = "value"');
  });

  it('are the annotation keys that traces have, first of all', () => {
    expect(labels('|', ['plan', 'a.b', 'not writable']).slice(0, 2)).toEqual(['annotation.plan', 'annotation[a.b]']);
    expect(labels('annotation.pl|', ['plan', 'size'])).toEqual(['annotation.plan']);
    expect(labels('edge { source.annotation.|', ['plan'])).toEqual(['source.annotation.plan']);
  });

  it.each<[string, string[]]>([
    ['fault |', ['=', '!=', 'AND', 'OR']],
    ['responsetime |', ['=', '!=', '<', '<=', '>', '>=', 'AND', 'OR']],
    ['user |', ['=', '!=', 'CONTAINS', 'AND', 'OR']],
    ['annotation.k |', ['=', '!=', '<', '<=', '>', '>=', 'CONTAINS', 'BEGINSWITH', 'ENDSWITH', 'AND', 'OR']],
    ['group.name |', ['=', '!=', 'AND', 'OR']],
    ['fault = |', ['true', 'false']],
    ['(fault |', ['=', '!=', 'AND', 'OR', ')']],
    ['service(id(|', ['name:', 'type:', 'account.id:']],
    ['service(id(name: "a", |', ['type:', 'account.id:']],
  ])('at %s', (marked, expected) => {
    expect(labels(marked)).toEqual(expected);
  });

  it('begins with what was typed, and may hold it', () => {
    expect(labels('htt|')).toEqual(['http.status', 'http.url']);
    expect(labels('stat|')).toEqual(['http.status']);
    expect(labels('user = "b|', ['alice', 'bob', 'rob', 'x b'])).toEqual(['bob', 'x b', 'rob']);
    expect(labels('HTTP.S|')).toEqual(['http.status']);
    expect(labels('zzz|')).toEqual([]);
  });

  it('are types of the node that was named', () => {
    const known = ['fn (AWS::Lambda)', 'fn (AWS::Lambda::Function)', 'web', 'db (AWS::RDS)'];
    expect(labels('service(id(name: "fn", type: |', known)).toEqual(['AWS::Lambda', 'AWS::Lambda::Function']);
    expect(labels('service(id(type: |', known)).toEqual(['AWS::Lambda', 'AWS::Lambda::Function', 'AWS::RDS']);
    expect(labels('service(|', known)).toEqual(['fn', 'web', 'db', 'id(name: "n", type: "t")']);
  });

  it('are exceptions of root causes', () => {
    expect(labels('rootcause.fault.exception { name = |', ['web: x [A, B] > db (AWS::RDS) [A]', 'web'])).toEqual([
      'A',
      'B',
    ]);
  });
});

describe('what is written when the first is chosen', () => {
  it.each<[string, (string | number | boolean)[], string]>([
    ['fau|', [], 'fault |'],
    ['fa|u AND ok', [], 'fault | AND ok'],
    ['serv|', [], 'service(|'],
    ['service(|', ['a (T)'], 'service("a")|'],
    ['service(|)', ['a'], 'service("a"|)'],
    ['service("|', ['Chez "L"'], 'service("Chez \\"L\\"")|'],
    ['edge(|', ['a'], 'edge("a", |'],
    ['edge("a", |)', ['b'], 'edge("a", "b"|)'],
    ['user = |', ['강남'], 'user = "강남" |'],
    ['user =|', ['x'], 'user = "x" |'],
    ['user = "x|y" AND ok', ['xyz'], 'user = "xyz" | AND ok'],
    ['annotation.n = |', [3], 'annotation.n = 3 |'],
    ['annotation.f = |', [true], 'annotation.f = true |'],
    ['http.status = 40|', [404, 200], 'http.status = 404 |'],
    ['annotation[a|]', ['a.b'], 'annotation[a.b] |'],
    ['rootcause.fault.e|', [], 'rootcause.fault.exception { |'],
    ['service("a")|', [], 'service("a") { |'],
    ['user = "a"|', [], 'user = "a" AND |'],
    ['(user = "a"| ', [], '(user = "a" AND | '],
    ['service(id(|', [], 'service(id(name: |'],
    ['service(id(name: |', ['a (T)'], 'service(id(name: "a"|'],
  ])('%s', (marked, known, expected) => {
    expect(chosen(marked, known)).toBe(expected);
  });
});

describe('which values are asked for', () => {
  it.each<[string, string[]]>([
    ['|', ['annotation-keys']],
    ['fault |', []],
    ['user = |', ['user']],
    ['http.status = |', ['status']],
    ['annotation[a.b] = |', ['annotation a.b']],
    ['service(|', ['service']],
    ['service(id(type: |', ['service']],
    ['service { name = |', ['service']],
    ['group.name = |', ['group-names']],
    ['group.arn = |', ['group-arns']],
    ['rootcause.error.exception { name = |', ['error_root_cause']],
    ['rootcause.error.exception { message = |', []],
    ['responsetime > |', []],
  ])('at %s', (marked, expected) => {
    const place = filterPlace(marked.replace('|', ''), marked.indexOf('|'));
    const sources = place ? sourcesFor(place) : [];
    expect(
      sources.map((source) =>
        source.of === 'attribute' ? `${source.attribute.kind} ${source.attribute.key}`.trim() : source.of,
      ),
    ).toEqual(expected);
  });
});

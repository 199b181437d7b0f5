import { describe, expect, it } from 'vitest';
import { filterPlace } from './filterPlace';

/** What is wanted where the bar stands, in short. */
function wantsAt(marked: string): string[] {
  const cursor = marked.indexOf('|');
  const place = filterPlace(marked.replace('|', ''), cursor);
  return (place?.wants ?? []).map((want) => {
    if (want.what === 'condition') return `condition${want.head ? ` of ${want.head}` : ''}${want.isImplied ? '?' : ''}`;
    if (want.what === 'operator') return `operator of ${want.subject.name}`;
    if (want.what === 'value') {
      const { name, key, head } = want.subject;
      return `value of ${name}${key && ` ${key}`}${head && ` in ${head}`}${want.name === null ? '' : ` at ${want.name}`}`;
    }
    if (want.what === 'node') return `node of ${want.of}${want.isLast ? ' last' : ''}`;
    if (want.what === 'id-part') return `part but ${want.used}`;
    if (want.what === 'annotation-key') return `key after ${want.prefix}${want.isBracketed ? '[' : '.'}`;
    return want.what === 'symbol' ? want.text : want.what;
  });
}

describe('what can stand there', () => {
  it.each<[string, string[]]>([
    ['|', ['condition']],
    ['fau|', ['condition']],
    ['fault|', ['condition']],
    ['fault |', ['operator of fault', 'connective']],
    ['fault A|', ['operator of fault', 'connective', 'condition?']],
    ['fault AND |', ['condition']],
    ['fault AND! |', ['condition']],
    ['!|', ['condition']],
    ['(|', ['condition']],
    ['(fault |', ['operator of fault', 'connective', ')']],
    ['(fault) |', ['connective']],
    ['responsetime |', ['operator of responsetime', 'connective']],
    ['responsetime >|', ['value of responsetime']],
    ['responsetime > 1|', ['value of responsetime']],
    ['responsetime > 1 |', ['connective']],
    ['responsetime > 1 O|', ['connective', 'condition?']],
    ['HTTP.STATUS = |', ['value of http.status']],
    ['http.method = "|', ['value of http.method']],
    ['http.method = "P|"', ['value of http.method']],
    ['http.method = "POST"|', ['connective']],
    ['user |', ['operator of user', 'connective']],
    ['user CONTAINS |', ['value of user']],
    ['annotation|', ['condition']],
    ['annotation.|', ['key after annotation.']],
    ['annotation.pl|', ['key after annotation.']],
    ['annotation[a.|', ['key after annotation[']],
    ['annotation[a.|] = 3', ['key after annotation[']],
    ['annotation.plan |', ['operator of annotation', 'connective']],
    ['annotation[a.b] = |', ['value of annotation a.b']],
    ['annotation[a.b]|', ['operator of annotation', 'connective']],
    ['service|', ['condition']],
    ['service |', ['(', '{', 'connective']],
    ['service(|', ['node of service last']],
    ['service("|', ['node of service last']],
    ['service("a" |', [')']],
    ['service("a")|', ['{', 'connective']],
    ['service("a") {|', ['condition of service']],
    ['service("a") { fault |', ['operator of fault', 'connective', '}']],
    ['service("a") { http.status = |', ['value of http.status in service']],
    ['service("a") { (fault |', ['operator of fault', 'connective', ')']],
    ['service("a") { fault } |', ['connective']],
    ['service { name = |', ['value of name in service']],
    ['edge(|', ['node of edge']],
    ['edge("a"|)', [',']],
    ['edge("a", |', ['node of edge last']],
    ['edge("a", "b"|', [')']],
    ['edge("a", "b") {|', ['condition of edge']],
    ['edge(id(name: "a"), |', ['node of edge last']],
    ['service(id(|', ['part but ']],
    ['service(id(na|', ['part but ']],
    ['service(id(name |', [':']],
    ['service(id(name: |', ['value of node.name']],
    ['service(id(name: "a", |', ['part but name']],
    ['service(id(name: "a" |', [',', ')']],
    ['service(id(name: "a", type: "|', ['value of node.type at a']],
    ['service(id(name: "a")|', [')']],
    ['service(id(name: "a")) |', ['{', 'connective']],
    ['group.name |', ['operator of group.name', 'connective']],
    ['group.name = |', ['value of group.name']],
    ['rootcause.fault.service |', ['{']],
    ['rootcause.fault.exception { |', ['condition of rootcause.fault.exception']],
    ['rootcause.fault.exception { name = |', ['value of name in rootcause.fault.exception']],
    ['rootcause.json = #[{|', []],
    ['|fault', ['condition']],
    ['fa|ult AND ok', ['condition']],
    ['fault)) |', ['connective']],
    ['service("a") { ! |', ['condition of service']],
  ])('%s', (marked, expected) => {
    expect(wantsAt(marked)).toEqual(expected);
  });
});

describe('what is being typed', () => {
  it.each<[string, string, number, number]>([
    ['http.st|', 'http.st', 0, 7],
    ['fa|ult', 'fa', 0, 5],
    ['user = "al|ice" AND ok', 'al', 7, 14],
    ['user = "a\\"b|', 'a"b', 7, 12],
    ['user = "a| AND ok', 'a', 7, 9],
    ['fault AND |', '', 10, 10],
    ['annotation[a|b] = 1', 'annotation[a', 0, 14],
  ])('%s', (marked, typed, from, to) => {
    const place = filterPlace(marked.replace('|', ''), marked.indexOf('|'));
    expect(place && [place.typed, place.from, place.to]).toEqual([typed, from, to]);
  });

  it('is told apart from what stands before it', () => {
    expect(filterPlace('user = "a"', 10)?.needsBlank).toBe(true);
    expect(filterPlace('service(', 8)?.needsBlank).toBe(false);
    expect(filterPlace('service()', 8)?.next).toBe(')');
  });
});

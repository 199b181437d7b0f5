import { describe, expect, it } from 'vitest';
import { partsOf, responseTimesOf, withoutPart, withoutResponseTimes } from './conjunction';

describe('the conditions of a filter', () => {
  it.each<[string, string[]]>([
    ['', []],
    ['  ', []],
    ['fault', ['fault']],
    ['fault AND responsetime > 1', ['fault', 'responsetime > 1']],
    ['fault and !(ok OR error)', ['fault', '!(ok OR error)']],
    ['fault OR error AND ok', ['fault OR error AND ok']],
    ['annotation.a = "x AND y" AND ok', ['annotation.a = "x AND y"', 'ok']],
    ['annotation.a = "\\" AND " AND ok', ['annotation.a = "\\" AND "', 'ok']],
    ['service("a") { fault AND last } AND ok', ['service("a") { fault AND last }', 'ok']],
    ['annotation.and = 1 AND annotation[or] = 2', ['annotation.and = 1', 'annotation[or] = 2']],
    ['user = "a"AND ok', ['user = "a"', 'ok']],
    ['fault ok', ['fault', 'ok']],
    ['(fault AND', ['(fault AND']],
    ['user = "open', ['user = "open']],
  ])('%j are %j', (filter, parts) => {
    expect(partsOf(filter)).toEqual(parts);
  });

  it('can be taken away', () => {
    expect(withoutPart('fault AND user = "a" AND ok', 1)).toBe('fault AND ok');
    expect(withoutPart('fault', 0)).toBe('');
  });
});

describe('a range of response times', () => {
  it('is read and taken away', () => {
    const filter = 'fault AND responsetime >= 0.1 AND responsetime <= 1.5';
    expect(responseTimesOf(filter)).toEqual({ fromMs: 100, toMs: 1500 });
    expect(withoutResponseTimes(filter)).toBe('fault');
    expect(withoutResponseTimes('fault OR responsetime >= 1')).toBe('fault OR responsetime >= 1');
  });

  it.each(['', 'responsetime > 1', 'responsetime >= 1'])('is none in %j', (filter) => {
    expect(responseTimesOf(filter)).toBeNull();
  });
});

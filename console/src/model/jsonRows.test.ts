import { expect, it } from 'vitest';
import { jsonRows } from './jsonRows';
import { prettyJson } from './prettyJson';
import { textParts } from './textParts';

const ROOT = new Set(['']);

it('shows what is inside of what is open', () => {
  const { rows, more } = jsonRows({ a: 1, b: { c: [true, null] }, d: 'x' }, new Set(['', '\u0000b']), 100);
  expect(rows.map((row) => [row.key, row.depth, row.kind, row.count])).toEqual([
    [null, 0, 'object', 3],
    ['a', 1, 'number', 0],
    ['b', 1, 'object', 1],
    ['c', 2, 'array', 2],
    ['d', 1, 'string', 0],
  ]);
  expect(more).toBe(false);
});

it('ends at the limit and says so', () => {
  const list = Array.from({ length: 100_000 }, (_, i) => i);
  const { rows, more } = jsonRows(list, ROOT, 50);
  expect(rows).toHaveLength(50);
  expect(rows[49]?.key).toBe('48');
  expect(more).toBe(true);
  expect(jsonRows(list.slice(0, 49), ROOT, 50).more).toBe(false);
});

it('walks values that are nested deeper than a stack goes', () => {
  let value: unknown = 'end';
  const open = new Set<string>();
  let path = '';
  for (let i = 0; i < 5_000; i += 1) {
    open.add(path);
    path += '\u0000x';
    value = { x: value };
  }
  const { rows } = jsonRows(value, open, 10_000);
  expect(rows).toHaveLength(5_001);
  expect(rows.at(-1)?.value).toBe('end');
});

it('writes JSON a thousand levels deep', () => {
  let value: unknown = 1;
  for (let i = 0; i < 1_000; i += 1) value = [value];
  expect(prettyJson(value)).toContain('1');
  expect(prettyJson({ a: 1 })).toBe('{\n  "a": 1\n}');
});

it('cuts long texts into parts that make up the whole', () => {
  const lines = Array.from({ length: 1_000 }, (_, i) => `line ${i}`).join('\n');
  const parts = textParts(lines);
  expect(parts.length).toBeGreaterThan(5);
  expect(parts.join('\n')).toBe(lines);
  const oneLine = '👍'.repeat(50_000);
  expect(textParts(oneLine).join('')).toBe(oneLine);
  expect(textParts(oneLine).every((part) => part.length <= 8_000)).toBe(true);
  expect(textParts(`a\n${'b'.repeat(20_000)}`).join('')).toBe(`a${'b'.repeat(20_000)}`);
  expect(textParts('')).toEqual([]);
});

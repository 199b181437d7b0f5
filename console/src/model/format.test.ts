import { describe, expect, it } from 'vitest';
import { formatBytes, formatMs, formatShare, visible } from './format';

describe('lengths of time', () => {
  it.each([
    [0, '0 ms'],
    [0.0005, '0.5 µs'],
    [0.12, '120 µs'],
    [1, '1 ms'],
    [45.64, '45.6 ms'],
    [999, '999 ms'],
    [1234, '1.23 s'],
    [59_900, '59.9 s'],
    [60_000, '1 min'],
    [90_000, '1 min 30 s'],
    [-1500, '-1.5 s'],
  ])('%s ms reads %s', (ms, text) => {
    expect(formatMs(ms)).toBe(text);
  });
});

describe('shares', () => {
  it.each([
    [0, '0 %'],
    [0.0004, '< 0.1 %'],
    [0.25, '25 %'],
    [0.9999, '> 99.9 %'],
    [1, '100 %'],
  ])('%s reads %s', (share, text) => {
    expect(formatShare(share)).toBe(text);
  });
});

it('writes bytes in powers of 1024', () => {
  expect([512, 2048, 5 * 1024 ** 2].map(formatBytes)).toEqual(['512 B', '2 KiB', '5 MiB']);
});

it('shows marks that turn or hide text as their codes, and leaves letters alone', () => {
  expect(visible('a\u202Egnp.exe\u0000 강남 <b> 👍')).toBe('a\\u202egnp.exe\\u0000 강남 <b> 👍');
});

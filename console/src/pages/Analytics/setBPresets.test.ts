import { expect, it } from 'vitest';
import { DEFAULT_SCOPE } from '@/model/scope';
import { PRESETS, presetOf, setBOf } from './setBPresets';

it.each(PRESETS)('finds the choice %s again', (preset) => {
  expect(presetOf(setBOf(preset, { ...DEFAULT_SCOPE, filter: 'fault' }))).toBe(preset);
});

it.each([
  { kind: 'other', filter: 'fault', range: null, group: null },
  { kind: 'other', filter: null, range: null, group: null },
  { kind: 'other', filter: 'ok', range: 'before', group: null },
] as const)('is another set: %j', (b) => {
  expect(presetOf(b)).toBe('other');
});

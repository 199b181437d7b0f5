import type { Scope } from '@/model/scope';
import type { SetB } from '@/model/traceSets';

/** What a set is usually compared with. */
export const PRESETS = ['none', 'rest', 'before', 'day', 'week', 'ok', 'all', 'other'] as const;
export type Preset = (typeof PRESETS)[number];

const SHIFTED = { before: 'before', day: 'day-before', week: 'week-before' } as const;

/** The set that a choice stands for; `other` begins as a copy of A, to be changed. */
export function setBOf(preset: Preset, a: Scope): SetB | null {
  switch (preset) {
    case 'none':
      return null;
    case 'rest':
      return { kind: 'rest' };
    case 'before':
    case 'day':
    case 'week':
      return { kind: 'other', filter: null, range: SHIFTED[preset], group: null };
    case 'ok':
      return { kind: 'other', filter: 'ok', range: null, group: null };
    case 'all':
      return { kind: 'other', filter: '', range: null, group: null };
    case 'other':
      return { kind: 'other', filter: a.filter, range: a.range, group: a.group };
  }
}

/** Which choice a set is. */
export function presetOf(b: SetB | null): Preset {
  if (b === null) return 'none';
  if (b.kind === 'rest') return 'rest';
  if (b.group !== null) return 'other';
  if (b.filter === null) {
    if (b.range === 'before') return 'before';
    if (b.range === 'day-before') return 'day';
    if (b.range === 'week-before') return 'week';
  }
  if (b.range === null && b.filter === 'ok') return 'ok';
  return b.range === null && b.filter === '' ? 'all' : 'other';
}

import { describe, expect, it } from 'vitest';
import { DEFAULT_SCOPE } from '@/model/scope';
import { type MapPlace, mapUrl, placeFrom } from './url';

const PLACES: MapPlace[] = [
  { selection: null, view: 'map', focus: null },
  { selection: { kind: 'node', key: 'orders|AWS::DynamoDB::Table & more' }, view: 'list', focus: null },
  { selection: { kind: 'edge', source: 'a b', target: 'ü', isLink: false }, view: 'map', focus: 'a b' },
  { selection: { kind: 'edge', source: 'queue', target: 'worker', isLink: true }, view: 'map', focus: null },
];

describe('the address of the map', () => {
  it.each(PLACES)('reads what was written: %j', (place) => {
    const [, query = ''] = mapUrl({ ...DEFAULT_SCOPE, filter: 'fault' }, place).split('?');
    expect(placeFrom(new URLSearchParams(query))).toEqual(place);
    expect(new URLSearchParams(query).get('filter')).toBe('fault');
  });

  it('is short where nothing is chosen', () => {
    expect(mapUrl(DEFAULT_SCOPE)).toBe('/map');
  });

  it('leaves out half an edge', () => {
    expect(placeFrom(new URLSearchParams('edge=a')).selection).toBeNull();
  });
});

import { expect, it } from 'vitest';
import { type InsightPlace, insightUrl, listQuery, placeFrom, withPlace } from './url';

it.each<[InsightPlace, string]>([
  [{ of: null, signal: null, isWhole: false }, ''],
  [{ of: ['orders|'], signal: 'fault', isWhole: true }, 'of=orders%7C&signal=fault&map=whole'],
  [{ of: ['a|', 'b|'], signal: null, isWhole: false }, 'of=a%7C&of=b%7C'],
])('%j is %s in an address', (place, text) => {
  expect(withPlace(new URLSearchParams(), place).toString()).toBe(text);
  expect(placeFrom(new URLSearchParams(text))).toEqual(place);
});

it('keeps what the list was asked for, for the way back', () => {
  const query = new URLSearchParams('timeRange=P7D&state=closed&of=a&signal=latency');
  expect(listQuery(query).toString()).toBe('timeRange=P7D&state=closed');
  expect(insightUrl('a/b', listQuery(query))).toBe('/insights/a%2Fb?timeRange=P7D&state=closed');
});

it('draws the root cause where the signal cannot be read', () => {
  expect(placeFrom(new URLSearchParams('signal=mood'))).toEqual({ of: null, signal: null, isWhole: false });
});

import { expect, it } from 'vitest';
import { type InsightsView, insightsUrl, LAST_DAY, viewFrom } from './url';

it.each<[InsightsView, string]>([
  [{ range: LAST_DAY, group: '', state: null, category: null }, '/insights'],
  [
    { range: { kind: 'last', seconds: 3600 }, group: 'a&b', state: 'ACTIVE', category: 'response_time' },
    '/insights?timeRange=PT1H&group=a%26b&state=active&category=response_time',
  ],
])('%j is at %s', (view, url) => {
  expect(insightsUrl(view)).toBe(url);
  expect(viewFrom(new URLSearchParams(url.split('?')[1] ?? ''))).toEqual(view);
});

it('shows a day, everything, where the address says nothing that can be read', () => {
  const query = new URLSearchParams('timeRange=never&state=open&category=rain');
  expect(viewFrom(query)).toEqual({ range: LAST_DAY, group: '', state: null, category: null });
});

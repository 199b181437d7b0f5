import { describe, expect, it } from 'vitest';
import { DEFAULT_SCOPE } from '@/model/scope';
import { type AnalyticsView, analyticsUrl, viewFrom, viewQuery } from './url';

const PLAIN: AnalyticsView = { a: DEFAULT_SCOPE, b: null, groupBy: null, isComparing: false };

describe('the address of an analysis', () => {
  it.each<[string, Partial<AnalyticsView>]>([
    ['', {}],
    ['groupBy=url', { groupBy: { kind: 'url', key: '' } }],
    ['groupBy=annotation.a.b+c', { groupBy: { kind: 'annotation', key: 'a.b c' } }],
    ['b=rest&compare=true', { b: { kind: 'rest' }, isComparing: true }],
    ['b=other&bTimeRange=before', { b: { kind: 'other', filter: null, range: 'before', group: null } }],
    [
      'filter=fault&b=other&bFilter=&bTimeRange=PT5M&bGroup=shop',
      {
        a: { ...DEFAULT_SCOPE, filter: 'fault' },
        b: { kind: 'other', filter: '', range: { kind: 'last', seconds: 300 }, group: 'shop' },
      },
    ],
  ])('%s is read as it is written', (text, more) => {
    const view = { ...PLAIN, ...more };
    expect(viewQuery(view).toString()).toBe(text);
    expect(viewFrom(new URLSearchParams(text))).toEqual(view);
  });

  it('understands a second set without its mark, and nothing in what it does not know', () => {
    expect(viewFrom(new URLSearchParams('bFilter=ok')).b).toEqual({
      kind: 'other',
      filter: 'ok',
      range: null,
      group: null,
    });
    expect(viewFrom(new URLSearchParams('groupBy=colour&b=x&compare=1'))).toEqual(PLAIN);
  });

  it('leads from elsewhere', () => {
    expect(analyticsUrl(DEFAULT_SCOPE)).toBe('/analytics');
    expect(analyticsUrl({ ...DEFAULT_SCOPE, filter: 'fault' }, { b: { kind: 'rest' }, isComparing: true })).toBe(
      '/analytics?filter=fault&b=rest&compare=true',
    );
  });
});

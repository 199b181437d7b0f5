import { describe, expect, it } from 'vitest';
import { DEFAULT_SCOPE } from '@/model/scope';
import { DEFAULT_VIEW, tracesUrl, viewFrom } from './url';

const read = (address: string) => viewFrom(new URLSearchParams(address.split('?')[1] ?? ''));

describe('the address of the trace list', () => {
  it('leaves out what is as usual', () => {
    expect(tracesUrl(DEFAULT_SCOPE)).toBe('/traces');
    expect(read('/traces')).toEqual(DEFAULT_VIEW);
  });

  it('keeps every choice', () => {
    const view = {
      order: 'slowest',
      size: 250,
      by: { kind: 'annotation', key: 'a.b&c' },
      isOverviewOpen: false,
      isLive: true,
    } as const;
    const address = tracesUrl({ ...DEFAULT_SCOPE, filter: 'user = "a&b"' }, view);
    expect(read(address)).toEqual(view);
    expect(new URLSearchParams(address.split('?')[1]).get('filter')).toBe('user = "a&b"');
  });

  it.each(['order=up', 'size=7', 'by=nothing', 'by=annotation.', 'live=1', 'by=response_time'])(
    'takes %s for nothing',
    (query) => {
      expect(read(`?${query}`)).toEqual(DEFAULT_VIEW);
    },
  );
});

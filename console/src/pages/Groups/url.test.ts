import { expect, it } from 'vitest';
import { groupsUrl, type OpenForm, openFrom } from './url';

it.each<[OpenForm, string]>([
  [null, '/groups'],
  [{ kind: 'create', filter: '' }, '/groups?create='],
  [{ kind: 'create', filter: 'user = "a&b"' }, '/groups?create=user+%3D+%22a%26b%22'],
  [{ kind: 'edit', name: 'slow' }, '/groups?edit=slow'],
])('%j is at %s', (open, url) => {
  expect(groupsUrl(open)).toBe(url);
  expect(openFrom(new URLSearchParams(url.split('?')[1] ?? ''))).toEqual(open);
});

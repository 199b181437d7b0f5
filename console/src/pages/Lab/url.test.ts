import { expect, it } from 'vitest';
import { FUNCTION_TABS, functionUrl, resourcesUrl, STACK_TABS, stackUrl, tabFrom } from './url';

it('names stacks, functions and tags', () => {
  expect(stackUrl('a b')).toBe('/lab/stacks/a%20b');
  expect(stackUrl('s', 'outputs')).toBe('/lab/stacks/s?tab=outputs');
  expect(functionUrl('f')).toBe('/lab/functions/f');
  expect(functionUrl('f', 'logs', 'id-1')).toBe('/lab/functions/f?tab=logs&requestId=id-1');
  expect(resourcesUrl()).toBe('/lab/resources');
  expect(resourcesUrl('Week', '13-2')).toBe('/lab/resources?key=Week&value=13-2');
});

it('reads the tab, and shows the first where there is no such', () => {
  expect(tabFrom(new URLSearchParams('tab=tags'), STACK_TABS)).toBe('tags');
  expect(tabFrom(new URLSearchParams('tab=nope'), FUNCTION_TABS)).toBe('code');
  expect(tabFrom(new URLSearchParams(), STACK_TABS)).toBe('events');
});

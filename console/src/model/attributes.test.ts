import { expect, it } from 'vitest';
import { valueText } from './attributes';

it.each([
  ['annotation', null, '(none)'],
  ['annotation', '', '""'],
  ['annotation', ' a', '" a"'],
  ['annotation', '3', '"3"'],
  ['annotation', 3, '3'],
  ['annotation', 'true', '"true"'],
  ['annotation', true, 'true'],
  ['status', '200', '200'],
  ['user', 'a\u202eb', 'a\\u202eb'],
] as const)('%s %j reads %s', (kind, value, text) => {
  expect(valueText(kind, value, '(none)')).toBe(text);
});

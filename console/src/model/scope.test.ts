import { expect, it } from 'vitest';
import { bothOf } from './scope';

it.each([
  ['', 'fault', 'fault'],
  ['fault', '', 'fault'],
  ['fault', 'fault', 'fault'],
  ['!fault', 'fault', '!fault AND fault'],
  ['service("a") { fault }', 'fault', 'service("a") { fault } AND fault'],
  ['fault OR ok', 'user', '(fault OR ok) AND user'],
  ['fault', 'ok OR error', 'fault AND (ok OR error)'],
  ['user = "this OR that"', 'fault', 'user = "this OR that" AND fault'],
  ['responsetime >= 1', 'responsetime >= 1 AND responsetime <= 2', 'responsetime >= 1 AND responsetime <= 2'],
])('%j and %j is %j', (filter, more, expected) => {
  expect(bothOf(filter, more)).toBe(expected);
});

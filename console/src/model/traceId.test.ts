import { expect, it } from 'vitest';
import { formatAge } from './age';
import { traceIdOf } from './traceId';

const ID = '1-581cf771-a006649127e371903a2de979';

it.each([ID, ` ${ID} `, ID.toUpperCase(), '581cf771a006649127e371903a2de979', `Root=${ID}`])('reads %j', (text) => {
  expect(traceIdOf(text)).toBe(ID);
});

it.each(['', '1-581cf771', `${ID}0`, '2-581cf771-a006649127e371903a2de979', 'x'.repeat(32)])('refuses %j', (text) => {
  expect(traceIdOf(text)).toBeNull();
});

it.each([
  [10, '10 seconds ago'],
  [150, '2 minutes ago'],
  [7200, '2 hours ago'],
  [200_000, '2 days ago'],
])('%i seconds are %s', (seconds, text) => {
  expect(formatAge(1000, (1000 + seconds) * 1000, 'en')).toBe(text);
});

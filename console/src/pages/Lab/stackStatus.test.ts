import { expect, it } from 'vitest';
import { indicatorOf } from './stackStatus';

it.each([
  ['CREATE_IN_PROGRESS', 'in-progress'],
  ['ROLLBACK_IN_PROGRESS', 'in-progress'],
  ['CREATE_COMPLETE', 'success'],
  ['UPDATE_COMPLETE', 'success'],
  ['ROLLBACK_COMPLETE', 'error'],
  ['CREATE_FAILED', 'error'],
  ['DELETE_COMPLETE', 'stopped'],
  ['SOMETHING', 'info'],
])('%s is shown as %s', (status, type) => {
  expect(indicatorOf(status)).toBe(type);
});

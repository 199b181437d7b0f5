import { expect, it } from 'vitest';
import type { Insight } from '@/model/insights';
import { matching } from './matching';

const insight = (id: string, state: Insight['state'], categories: Insight['categories']) =>
  ({ id, state, categories }) as Insight;
const all = [
  insight('1', 'ACTIVE', ['response_time', 'throttling']),
  insight('2', 'CLOSED', ['throttling']),
  insight('3', 'CLOSED', ['error_rate']),
];

it.each([
  [null, null, ['1', '2', '3']],
  ['CLOSED', null, ['2', '3']],
  [null, 'throttling', ['1', '2']],
  ['ACTIVE', 'error_rate', []],
] as const)('of state %s and category %s are %j', (state, category, ids) => {
  expect(matching(all, { state, category }).map(({ id }) => id)).toEqual(ids);
});
